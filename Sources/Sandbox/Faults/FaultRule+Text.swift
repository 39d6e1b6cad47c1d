import Market

extension FaultRule {
  /// Sets a key to what its text says.
  ///
  /// - Returns: Whether the text is a value that the key can have.
  mutating func set(_ key: FaultKey, to text: String) -> Bool {
    switch key {
    case .chance: return put(Self.share(text), in: \.chance)
    case .most: return put(Self.count(text).flatMap { $0 > 0 ? $0 : nil }, in: \.most)
    case .requests: return put(FaultText.list(text, RequestGroup.init(rawValue:)), in: \.requests)
    case .channels: return put(FaultText.list(text, FeedTopic.init(rawValue:)), in: \.channels)
    case .effect: return put(Effect(rawValue: text), in: \.effect)
    case .form:
      let known = kind.forms
      let forms = FaultText.list(text, Form.init(rawValue:))
      return put(forms.flatMap { $0.allSatisfy(known.contains) ? $0 : nil }, in: \.forms)
    case .delay: return put(Self.length(text), in: \.delay)
    case .seen: return put(FaultText.range(text, Self.count), in: \.seen)
    case .messages: return put(FaultText.range(text, Self.count), in: \.messages)
    case .isHidden: return put(["true": true, "false": false][text], in: \.isHidden)
    case .portion:
      return put(Self.money(text, in: kind.portions), in: \.portion)
    case .beyond: return put(Self.share(text), in: \.beyond)
    case .at:
      let spans = FaultText.list(text, FaultText.span)
      return put(spans.flatMap { $0.allSatisfy { $0 >= .nothing } ? $0 : nil }, in: \.at)
    case .every:
      return put(FaultText.span(text).flatMap { $0 >= Self.soonest ? $0 : nil }, in: \.every)
    case .span: return put(Self.length(text), in: \.span)
    case .skew: return put(FaultText.range(text, FaultText.span), in: \.skew)
    case .mode: return put(FaultText.list(text, Mode.init(rawValue:)), in: \.modes)
    case .currency:
      currency = text
      return !text.isEmpty
    case .amount: return put(Self.money(text, in: Self.amounts), in: \.amount)
    }
  }

  /// What the key's value is written as; `nil` where it says nothing.
  func text(of key: FaultKey) -> String? {
    switch key {
    case .chance: "\(chance)"
    case .most: most.map { "\($0)" }
    case .requests: Self.text(requests)
    case .channels: Self.text(channels)
    case .effect: effect.rawValue
    case .form: Self.text(forms)
    case .delay: tail.map(Self.text) ?? FaultText.text(delay, FaultText.text)
    case .seen: seen.map { FaultText.text($0) { "\($0)" } }
    case .messages: FaultText.text(messages) { "\($0)" }
    case .isHidden: "\(isHidden)"
    case .portion: FaultText.text(portion) { "\($0)" }
    case .beyond: "\(beyond)"
    case .at: at.isEmpty ? nil : at.map(FaultText.text).joined(separator: ", ")
    case .every: every.map(FaultText.text)
    case .span: FaultText.text(span, FaultText.text)
    case .skew: FaultText.text(skew, FaultText.text)
    case .mode: Self.text(modes)
    case .currency: currency
    case .amount: amount.map { FaultText.text($0) { "\($0)" } }
    }
  }

  private static func text(_ tail: FaultTail) -> String {
    "{median: \(FaultText.text(tail.median)), p99: \(FaultText.text(tail.p99))}"
  }

  private mutating func put<Value>(
    _ value: Value?, in property: WritableKeyPath<FaultRule, Value>
  ) -> Bool {
    guard let value else { return false }
    self[keyPath: property] = value
    return true
  }

  private mutating func put<Value>(
    _ value: Value?, in property: WritableKeyPath<FaultRule, Value?>
  ) -> Bool {
    guard let value else { return false }
    self[keyPath: property] = value
    return true
  }

  private static func share(_ text: String) -> Rate? {
    guard let rate = try? Rate(text), (0...Rate.one).contains(rate) else { return nil }
    return rate
  }

  private static func count(_ text: String) -> Int? {
    guard let number = Int(text), (0...1_000_000).contains(number) else { return nil }
    return number
  }

  private static func length(_ text: String) -> ClosedRange<TimeSpan>? {
    guard let range = FaultText.range(text, FaultText.span), range.lowerBound >= .nothing else {
      return nil
    }
    return range
  }

  /// What comes more often would do nothing else between two candles.
  private static let soonest = TimeSpan(seconds: 1)
  /// So much of a currency can be moved often, and the account still counts it.
  private static let amounts: ClosedRange<Money> = -1_000_000_000_000...1_000_000_000_000

  private static func money(
    _ text: String, in bounds: ClosedRange<Money>
  ) -> ClosedRange<Money>? {
    guard let range = FaultText.range(text, { try? Money($0) }),
      bounds.contains(range.lowerBound), bounds.contains(range.upperBound)
    else { return nil }
    return range
  }

  private static func text<Word: RawRepresentable<String>>(_ words: [Word]) -> String? {
    words.isEmpty ? nil : words.map(\.rawValue).joined(separator: ", ")
  }
}

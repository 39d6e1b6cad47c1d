extension RecordedManifest {
  /// The manifest alone as a document, with the format of the results that bear it.
  public var document: String {
    var json = JSONWriter()
    json.beginObject(.lines)
    switch self {
    case .one(let manifest):
      json.member("format", ResultDocument.format)
      json.key("manifest")
      manifest.write(to: &json)
    case .several(let manifest):
      json.member("format", PortfolioDocument.format)
      json.key("manifest")
      manifest.write(to: &json)
    }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// What of a run differs from that of another manifest, in the user's words; `nil` where both would
  /// give the same.
  ///
  /// Where the candles are and which version of the program reads them does not matter, what they
  /// are does.
  public func difference(from other: RecordedManifest) -> String? {
    let (names, others) = (inputs.map(\.pair), other.inputs.map(\.pair))
    guard names == others else {
      func list(_ names: [String?]) -> String {
        names.map { $0 ?? "one product" }.joined(separator: ", ")
      }
      return "it is of \(list(names)), this run of \(list(others))"
    }
    for (input, its) in zip(inputs, other.inputs) {
      if input.data.sha256 != its.data.sha256 {
        return "its candles are those of \(input.data.path), and \(its.data.path) holds others"
      }
      if let words = Self.difference(input.settings, its.settings, of: input.pair) { return words }
    }
    if timeRange != other.timeRange {
      return "its time range is \(timeRange ?? "all"), that of this run \(other.timeRange ?? "all")"
    }
    if reading != other.reading { return "its columns or times were read in another way" }
    return Self.difference(settings, other.settings, of: nil)
  }

  private static func difference(
    _ settings: [RunResult.Setting], _ others: [RunResult.Setting], of pair: String?
  ) -> String? {
    let prefix = pair.map { "\($0):" } ?? ""
    for setting in settings {
      let other = others.first { $0.key == setting.key }
      if other?.value != setting.value {
        return "its \(prefix)\(setting.key) is \(setting.value), that of this run "
          + (other?.value ?? "not set")
      }
    }
    guard let extra = others.first(where: { other in !settings.contains { $0.key == other.key } })
    else { return nil }
    return "it does not know \(prefix)\(extra.key), which is \(extra.value) in this run"
  }
}

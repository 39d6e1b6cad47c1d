import Secrets
import Strategy

/// The values that result when one layer is put on another, and what is wrong with the layers.
struct LayeredValues {
  private(set) var problems: [ConfigurationProblem] = []
  private let strategies: [StrategyKeys]
  private let chosen: StrategyKeys
  /// Whether `strategy.name` ended up as no strategy at all: then nobody knows its keys.
  private let isStrategyUnknown: Bool
  private var sections: [Section]
  private var values: [Parameters]
  private var origins: [[Origin]]
  /// The text of `persistence.encryption_password`, which is no value.
  private(set) var password: Secret?
  /// Whose values these are; `nil` for those of all pairs.
  private var pair: String?
  /// What was given for the pair alone.
  private var own: [(section: String, key: String)] = []

  /// Puts the layers over the defaults; the strategy is that of the last layer which names one.
  init(_ layers: [Result<Assignment, ConfigurationProblem>], strategies: [StrategyKeys]) {
    self.strategies = strategies
    var name: String?
    for case .success(let layer) in layers where layer.section == "strategy" && layer.key == "name"
    {
      if case .text(let text) = layer.content { name = text }
    }
    let named = strategies.first { $0.name == name }
    isStrategyUnknown = name != nil && named == nil
    chosen = named ?? .standard(among: strategies)
    sections = Section.all(for: chosen, among: strategies)
    values = sections.map { Parameters($0.parameters) }
    origins = sections.map { $0.parameters.map { _ in .standard } }
    for layer in layers {
      switch layer {
      case .success(let assignment): apply(assignment)
      case .failure(let problem): problems.append(problem)
      }
    }
    checkTogether()
  }

  /// The values of a pair: these, and over them what was given for it alone, in its order.
  func ofPair(_ name: String, origin: Origin, _ layers: [Assignment]) -> LayeredValues {
    var result = self
    result.problems = []
    result.apply(
      Assignment(
        section: "product", key: "id", content: .text(name), sectionOrigin: origin,
        keyOrigin: origin, origin: origin))
    result.pair = name
    result.sections.append(.pairs)
    result.values.append(Parameters(Section.pairs.parameters))
    result.origins.append(Section.pairs.parameters.map { _ in .standard })
    for layer in layers { result.apply(layer) }
    if problems.isEmpty { result.checkTogether() }
    return result
  }

  /// The same assignment under its full key, where only the key of a pair is written.
  private mutating func completed(_ assignment: Assignment) -> Assignment? {
    guard assignment.section == Section.pairs.name, let key = assignment.key,
      Section.pairs.parameter(key) == nil
    else { return assignment }
    if isStrategyUnknown { return nil }
    let owners = sections.filter {
      $0.parameter(key) != nil && Section.variesByPair(section: $0.name, key: key)
    }
    var full = assignment
    switch owners.count {
    case 1: full.section = owners[0].name
    case 0:
      if let section = sections.first(where: { $0.name == key }) {
        problems.append(
          .init(
            assignment.keyOrigin,
            .noKeys(section: section.name, found: assignment.content.noun)))
      } else if let owner = sections.first(where: { $0.parameter(key) != nil }) {
        problems.append(.init(assignment.keyOrigin, .commonKey("\(owner.name).\(key)")))
      } else {
        problems.append(.init(assignment.keyOrigin, .unknownPairKey(key, hint(forPairKey: key))))
      }
      return nil
    default:
      problems.append(
        .init(assignment.keyOrigin, .severalSections(key, owners.map { "\($0.name).\(key)" })))
      return nil
    }
    return full
  }

  /// Puts one value over what is there, or notes why it cannot be.
  private mutating func apply(_ written: Assignment) {
    guard let assignment = pair == nil ? written : completed(written) else { return }
    guard let index = sections.firstIndex(where: { $0.name == assignment.section }) else {
      let name = assignment.section
      let problem = ConfigurationProblem(
        assignment.sectionOrigin,
        name == Section.pairs.name
          ? .setOfPairs : .unknownSection(name, hint(forSection: name)))
      // Once for the section, not for each of its keys.
      if problems.last != problem { problems.append(problem) }
      return
    }
    let section = sections[index]
    guard let key = assignment.key else {
      if case .other(let noun) = assignment.content {
        problems.append(.init(assignment.keyOrigin, .noKeys(section: section.name, found: noun)))
      }
      return
    }
    if isStrategyUnknown, section.name == "exit" || section.name == "strategy", key != "name" {
      return
    }
    guard let position = section.parameters.firstIndex(where: { $0.name == key }) else {
      problems.append(
        .init(
          assignment.keyOrigin,
          .unknownKey(key, section: section.name, hint(forKey: key, in: section))))
      return
    }
    if pair != nil, !Section.variesByPair(section: section.name, key: key) {
      problems.append(.init(assignment.keyOrigin, .commonKey("\(section.name).\(key)")))
      return
    }
    let fullKey = fullKey(key, in: section.name)
    switch assignment.content {
    case .nothing:
      let standard = section.parameters[position].defaultText
      problems.append(.init(assignment.keyOrigin, .noValue(key: fullKey, default: standard)))
    case .other(let noun):
      problems.append(.init(assignment.origin, .notOneValue(key: fullKey, found: noun)))
    case .text(let text):
      do {
        try values[index].set(key, to: text)
        origins[index][position] = assignment.origin
        if section.parameters[position].kind == .secret {
          password = text == "off" ? nil : Secret(text)
        }
        if pair != nil { own.append((section.name, key)) }
      } catch {
        let parameter = section.parameters[position]
        let detail = Self.detail(of: error, section: section.name, parameter: parameter, text: text)
        problems.append(
          .init(
            assignment.origin,
            .value(
              .invalid(
                key: fullKey, text: shown(text), expected: parameter.kind.description,
                detail: detail))))
      }
    }
  }

  /// Notes values that are fine alone and do not go together.
  ///
  /// Only where every value alone is fine, since a refused value leaves a default in its place.
  private mutating func checkTogether() {
    guard problems.isEmpty else { return }
    do { try SimulationSettings.check(values(of: "simulation")) } catch {
      note(error, in: ["simulation"])
    }
    let live = values(of: Section.live.name)
    do { try LiveSettings.check(live, values(of: "simulation")) } catch {
      note(error, in: [Section.live.name])
    }
    do { try PersistenceSettings.check(values(of: Section.persistence.name)) } catch {
      note(error, in: [Section.persistence.name])
    }
    do { try chosen.check(strategyValues, values(of: "exit")) } catch {
      note(error, in: ["strategy", "exit"])
    }
  }

  /// How a message calls a key.
  private func fullKey(_ key: String, in section: String) -> String {
    guard let pair else { return "\(section).\(key)" }
    return section == Section.pairs.name
      ? "\(shown(pair)):\(key)" : "\(shown(pair)):\(section).\(key)"
  }

  /// The settings that were given for the pair alone.
  var ownSettings: [Setting] {
    settings.filter { setting in
      own.contains { $0.section == setting.section && $0.key == setting.parameter.name }
    }
  }

  /// The values of a section.
  func values(of section: String) -> Parameters {
    guard let index = sections.firstIndex(where: { $0.name == section }) else {
      preconditionFailure("there is no section \(section)")
    }
    return values[index]
  }

  /// The pair's correlation group or `off`, which it is for all pairs together.
  var group: String {
    pair == nil ? "off" : values(of: Section.pairs.name).text("correlation_group")
  }

  /// The strategy's own values, without `name`.
  var strategyValues: Parameters {
    let all = values(of: "strategy")
    var own = Parameters(chosen.parameters)
    for parameter in chosen.parameters {
      do { try own.set(parameter.name, to: all[parameter.name].description) } catch {
        preconditionFailure("a value does not survive its own text: \(error)")
      }
    }
    return own
  }

  /// Every key with its value and origin.
  var settings: [Setting] {
    sections.indices.flatMap { index in
      sections[index].parameters.indices.map { position in
        let parameter = sections[index].parameters[position]
        return Setting(
          section: sections[index].name, parameter: parameter, value: values[index][parameter.name],
          origin: origins[index][position])
      }
    }
  }

  /// Adds a complaint about one of these sections, at the place where the user set the key.
  private mutating func note(_ error: ParameterError, in names: [String]) {
    let own = names.flatMap { name in settings.filter { $0.section == name } }
    let setting = own.first { $0.parameter.name == error.key }
    let key = fullKey(error.key, in: setting?.section ?? names[0])
    let full: ParameterError
    var origin = setting?.origin ?? .standard
    switch error {
    case .contradiction(_, let rule):
      full = .contradiction(key: key, rule: rule)
      // The key may be at its default, and the one that the rule compares it with be at fault.
      if origin == .standard {
        let words = rule.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        let other = own.first { setting in
          setting.origin != .standard && words.contains { $0 == setting.parameter.name }
        }
        origin = other?.origin ?? .standard
      }
    case .invalid(_, let text, let expected, let detail):
      full = .invalid(key: key, text: shown(text), expected: expected, detail: detail)
    }
    problems.append(.init(origin, .value(full)))
  }

  private static func detail(
    of error: ParameterError, section: String, parameter: Parameter, text: String
  ) -> String? {
    if let reason = Section.reasonForOff(section: section, key: parameter.name) { return reason }
    switch parameter.kind {
    case .flag:
      let habits = ["yes", "no", "on", "off", "y", "n", "true", "false"]
      return text.utf8.count <= 5 && habits.contains(text.lowercased())
        ? "no other word stands for them" : nil
    case .choice(let words):
      return nearestName(to: text, among: words).map { "did you mean '\($0)'?" }
    case .integer, .rate, .number, .price, .quantity, .money, .text, .path, .limit, .count, .secret,
      .amounts:
      guard case .invalid(_, _, _, let detail) = error else { return nil }
      return detail
    }
  }

  private func hint(forSection name: String) -> ConfigurationProblem.Hint {
    if let owner = sections.first(where: { $0.parameter(name) != nil }) {
      return .similar("\(owner.name).\(name)")
    }
    let names = sections.map(\.name)
    return nearestName(to: name, among: names).map { .similar($0) } ?? .known(names)
  }

  private func hint(forPairKey key: String) -> ConfigurationProblem.Hint {
    for other in strategies where other.name != chosen.name {
      if (other.parameters + other.exitParameters).contains(where: { $0.name == key }) {
        return .otherStrategy(other.name, chosen: chosen.name)
      }
    }
    let keys = sections.flatMap { section in
      section.parameters.map(\.name).filter {
        Section.variesByPair(section: section.name, key: $0)
      }
    }
    let names = [Section.pairName] + keys.filter { Section.pairs.parameter($0) != nil }
    let known =
      names
      + sections.map(\.name).filter { name in
        keys.contains { Section.variesByPair(section: name, key: $0) } && name != Section.pairs.name
      }
    return nearestName(to: key, among: known + keys).map { .similar($0) } ?? .known(known)
  }

  private func hint(forKey key: String, in section: Section) -> ConfigurationProblem.Hint {
    if let owner = sections.first(where: { $0.parameter(key) != nil }) {
      return .similar("\(owner.name).\(key)")
    }
    let others = strategies.filter { $0.name != chosen.name }
    for other in others {
      let keys =
        section.name == "strategy"
        ? other.parameters : section.name == "exit" ? other.exitParameters : []
      if keys.contains(where: { $0.name == key }) {
        return .otherStrategy(other.name, chosen: chosen.name)
      }
    }
    let names = section.parameters.map(\.name)
    return nearestName(to: key, among: names).map { .similar($0) } ?? .known(names)
  }
}

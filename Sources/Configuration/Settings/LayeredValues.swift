import Strategy

/// The values that result when one layer is put on another, and what is wrong with the layers.
struct LayeredValues {
  private(set) var problems: [ConfigurationProblem] = []
  private let strategies: [StrategyKeys]
  private let chosen: StrategyKeys
  /// Whether `strategy.name` ended up as no strategy at all: then nobody knows its keys.
  private let isStrategyUnknown: Bool
  private let sections: [Section]
  private var values: [Parameters]
  private var origins: [[Origin]]

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

  /// Puts one value over what is there, or notes why it cannot be.
  private mutating func apply(_ assignment: Assignment) {
    guard let index = sections.firstIndex(where: { $0.name == assignment.section }) else {
      let name = assignment.section
      let problem = ConfigurationProblem(
        assignment.sectionOrigin,
        name == "pairs" ? .pairs(name) : .unknownSection(name, hint(forSection: name)))
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
    let fullKey = "\(section.name).\(key)"
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
    do { try chosen.check(strategyValues, values(of: "exit")) } catch {
      note(error, in: ["strategy", "exit"])
    }
  }

  /// The values of a section.
  func values(of section: String) -> Parameters {
    guard let index = sections.firstIndex(where: { $0.name == section }) else {
      preconditionFailure("there is no section \(section)")
    }
    return values[index]
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
    let key = own.first { $0.parameter.name == error.key }?.key ?? "\(names[0]).\(error.key)"
    let full: ParameterError
    var origin = own.first { $0.key == key }?.origin ?? .standard
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
    case .integer, .rate, .number, .price, .quantity, .money, .text, .path, .limit:
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

import Configuration

/// `runner config`: what the settings are, and whether they are right.
enum ConfigCommand {
  static let check = Subcommand(
    words: ["config", "check"], summary: "check settings and say what is wrong with them",
    options: [JSONTarget.option("the finding")] + SettingsOptions.options,
    details: SettingsOptions.keyHelp
  ) { program, invocation in
    let target = try JSONTarget(invocation)
    let settings: Settings
    do {
      settings = try SettingsOptions.settings(program, invocation)
    } catch let error as ConfigurationError {
      try target?.write(ConfigDocument.check(.failure(error), by: program))
      throw error
    }
    try target?.write(ConfigDocument.check(.success(settings), by: program))
    let changed = settings.all.count { !$0.isDefault }
    if target?.isStandardOutput != true {
      let pairs = settings.pairs.map { pair in
        "\(pair.name)" + (pair.group.map { " in group \($0)" } ?? "")
          + ", \(pair.own.count) setting\(pair.own.count == 1 ? "" : "s") of its own"
      }
      try Output.data(
        "The configuration is right: \(settings.all.count) settings, \(changed) not at their "
          + "defaults. See them: \(program.name) config show\n"
          + (pairs.isEmpty
            ? "" : "Pairs, in their order:\n" + pairs.map { "  \($0)\n" }.joined())
          + settings.warnings.map { "Warning: \($0)\n" }.joined())
    }
    target?.announce()
  }

  static let show = Subcommand(
    words: ["config", "show"], summary: "print every setting and where it comes from",
    options: [JSONTarget.option("the settings")] + SettingsOptions.options,
    details: SettingsOptions.keyHelp
  ) { program, invocation in
    let target = try JSONTarget(invocation)
    let settings = try SettingsOptions.settings(program, invocation)
    try target?.write(ConfigDocument.settings(settings, by: program))
    if target?.isStandardOutput != true { try Output.data(settings.yaml) }
    target?.announce()
  }
}

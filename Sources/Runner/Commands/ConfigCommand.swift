import Configuration

/// `runner config`: what the settings are, and whether they are right.
enum ConfigCommand {
  static let check = Subcommand(
    words: ["config", "check"], summary: "check settings and say what is wrong with them",
    options: SettingsOptions.options, details: SettingsOptions.keyHelp
  ) { program, invocation in
    let settings = try SettingsOptions.settings(program, invocation)
    let changed = settings.all.count { !$0.isDefault }
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

  static let show = Subcommand(
    words: ["config", "show"], summary: "print every setting and where it comes from",
    options: SettingsOptions.options, details: SettingsOptions.keyHelp
  ) { program, invocation in
    try Output.data(SettingsOptions.settings(program, invocation).yaml)
  }
}

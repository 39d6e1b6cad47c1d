import Configuration
import Credentials
import Reporting

/// `runner credentials check`: which credentials there are, without telling them.
enum CredentialsCommand {
  static let check = Subcommand(
    words: ["credentials", "check"],
    summary: "say which credentials are used, and tell no secret",
    options: [JSONTarget.option("the finding")]
      + SettingsOptions.options("--config", "--set", "--log-level", "--log-format"),
    details: { _, _ in
      """
      The first of these places that has any:

        1. CB_API_KEY and CB_API_SECRET in the environment, with CB_API_PASSPHRASE
           for a key of the Exchange,
        2. the file that exchange.key_file names (-c FILE, --set),
        3. ~/.coinbase_config.json.

      A file is that of Coinbase's developer portal (name, privateKey), or has key,
      secret and, for the Exchange, passphrase. Only you may be able to read it:
      chmod 600 FILE. Nothing is sent to the exchange, which alone knows whether the
      key is valid there.
      """
    }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let target = try JSONTarget(
      invocation,
      besides: invocation.values("--config").map { ($0, "a configuration") })
    let settings = try SettingsOptions.settings(program, invocation)
    let log = CommandLog(settings.logging, of: program)
    try log.recording {
      let found = try CredentialFinder(keyFile: settings.exchange.keyFile).find()
      var json = JSONWriter()
      json.beginDocument("ratchet-credentials 1", by: program.identity)
      switch found.source {
      case .environment: json.member("source", "environment")
      case .keyFile: json.member("source", "exchange.key_file")
      case .homeFile: json.member("source", "home")
      case .sandbox: json.member("source", "sandbox")
      }
      json.member("file", found.source.path)
      json.member("kind", found.kind.rawValue)
      json.member("api", found.kind.api)
      json.member("name_end", found.nameEnd)
      json.endObject()
      try target?.write(json.bytes)
      if target?.isStandardOutput != true {
        try Output.data(
          """
          source  \(found.source)
          key     \(found.kind.rawValue), for \(found.kind.api)
          name    \(found.nameEnd)

          """)
      }
      target?.announce(log)
    }
  }
}

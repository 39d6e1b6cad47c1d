import Persistence
import Reporting

/// `runner db check`: whether a database is sound.
enum DatabaseCheckCommand {
  static let subcommand = Subcommand(
    words: ["db", "check"], summary: "look for damage in a database",
    options: DatabaseArguments.options([], "the findings"),
    details: { _, _ in
      """
      Looks through every page, reference and migration, and recomputes from the
      rows what must hold of a run: stops only rise (I1), sells never exceed the
      position (I2), each position has one exit order (I3), each fill counts once
      (I4), cash and positions are what the fills give (I5). Only reads, and may do
      so while an engine writes. Exits with 0 where all is sound, and with 3
      otherwise.

      """ + DatabaseArguments.passwordHelp
    }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let arguments = try DatabaseArguments(program, invocation)
    try arguments.log.recording {
      let checks = try DatabaseCheck.all(of: try arguments.open(.readOnly), program.migrator)
      let isSound = checks.allSatisfy(\.defects.isEmpty)
      var json = JSONWriter()
      json.beginDocument("ratchet-db-check 1", by: program.identity)
      json.member("db", arguments.path)
      json.member("sound", isSound)
      json.key("checks")
      json.beginArray(.lines)
      for check in checks {
        json.beginObject()
        json.member("name", check.name)
        json.key("defects")
        json.beginArray()
        for defect in check.defects { json.value(defect) }
        json.endArray()
        json.endObject()
      }
      json.endArray()
      json.endObject()
      try arguments.say(
        checks.flatMap { check in
          check.defects.isEmpty
            ? ["\(check.name): sound"] : check.defects.map { "\(check.name): \($0)" }
        }, json)
      guard isSound else {
        Output.message(
          "\(program.name): \(arguments.path) is not sound; restore a backup made by "
            + "`\(program.name) db backup`, or mend what is listed")
        throw SilentFailure(code: .data)
      }
    }
  }
}

import Reporting

/// `runner verify`: whether a result is what its candles and settings give.
enum VerifyCommand {
  static let subcommand = Subcommand(
    words: ["verify"], summary: "repeat the run of a result and compare every figure",
    operands: ["RESULT.json"],
    options: [
      CandlePlaces.option,
      JSONTarget.option("the finding"),
    ],
    details: { _, _ in explanation }, run: run)

  private static let explanation = """
    The result says which candles, strategy and settings it came from. The run is
    made again from them and compared with the result to the last unit.

    Exit code 0 and 'identical': nothing differs. 1 and 'differs': what differs, the
    cause first. 3: the result or its candles cannot be read.
    """

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let file = try ResultFile(path: invocation.operands[0])
    let target = try JSONTarget(of: invocation, repeating: file)
    let finding = try verify(file, csv: invocation.values("--csv"), by: program)
    if let target {
      var json = JSONWriter()
      finding.write(to: &json)
      try target.write(json.bytes)
    }
    if target?.isStandardOutput != true { try Output.data(finding.text) }
    target?.announce()
    if !finding.isIdentical { throw SilentFailure() }
  }

  /// Repeats the run and compares.
  static func verify(
    _ file: ResultFile, csv: [String], by program: Program
  ) throws -> Verification {
    var finding = Verification(
      file: file.path, manifest: file.manifest, program: program.identity, differences: [],
      notes: [])
    if file.manifest.program != program.identity {
      finding.notes.append(
        "the result was made by \(file.manifest.program), and repeated by \(program.identity)")
    }
    do {
      let repeated = try RepeatedRun(of: file, csv: csv, by: program)
      finding.notes += repeated.notes
      let comparison = try file.comparison(with: try repeated.play(), by: program)
      finding.differences = comparison.differences
      if !comparison.notCompared.isEmpty {
        finding.notes.append(
          "only one of the two versions has, so not compared: "
            + comparison.notCompared.joined(separator: ", "))
      }
    } catch let refusal as RepeatedRun.Refusal {
      finding.differences = refusal.differences
    }
    return finding
  }
}

/// What came of repeating a run from its result file.
public struct Verification: Hashable, Sendable {
  /// The result file, as the user named it.
  public var file: String
  /// What the file says about itself.
  public var manifest: RecordedManifest
  /// The program that repeated the run.
  public var program: ResultDocument.Program
  /// What differs, causes first; nothing where the runs are identical.
  public var differences: [ResultComparison.Difference]
  /// What the reader should know, and what is no difference.
  public var notes: [String]

  /// A finding of these parts.
  public init(
    file: String, manifest: RecordedManifest, program: ResultDocument.Program,
    differences: [ResultComparison.Difference], notes: [String]
  ) {
    self.file = file
    self.manifest = manifest
    self.program = program
    self.differences = differences
    self.notes = notes
  }

  /// Whether the run was the same to the last unit.
  public var isIdentical: Bool { differences.isEmpty }

  /// The finding for people, 80 columns wide, ended by a line feed.
  public var text: String {
    var lines = ["\(isIdentical ? "identical" : "differs"): \(file)"]
    for difference in differences {
      let place = difference.place.isEmpty ? "" : ", \(difference.place)"
      lines += ["", "  \(difference.section)\(place)"]
      lines += Self.block("recorded", difference.recorded) + Self.block("now", difference.now)
    }
    if isIdentical {
      lines += ["  \(manifest.title), every figure, order, fill and trade to the last unit"]
    }
    if !notes.isEmpty { lines.append("") }
    for note in notes {
      lines += "Note: \(note)".wrapped(to: 80)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func block(_ label: String, _ text: String) -> [String] {
    let lines = String(text.prefix(600)).wrapped(to: 64)
    return lines.enumerated().map { index, line in
      "    " + (index == 0 ? label : "").padded(to: 10) + "  " + line
    }
  }

  /// The finding for programs: `ratchet-verify 1`.
  public func write(to json: inout JSONWriter) {
    json.beginObject(.lines)
    json.member("format", "ratchet-verify 1")
    json.member("file", file)
    json.member("identical", isIdentical)
    json.key("recorded_by")
    manifest.program.write(to: &json)
    json.key("repeated_by")
    program.write(to: &json)
    json.key("differences")
    json.beginArray(.lines)
    for difference in differences {
      json.beginObject()
      json.member("section", difference.section)
      json.member("place", difference.place)
      json.member("recorded", difference.recorded)
      json.member("now", difference.now)
      json.endObject()
    }
    json.endArray()
    json.key("notes")
    json.beginArray(.lines)
    for note in notes { json.value(note) }
    json.endArray()
    json.endObject()
  }
}

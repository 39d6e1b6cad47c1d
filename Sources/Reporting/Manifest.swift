/// All it takes to make a run again: what played, on which candles, with which settings.
///
/// Every result file carries one, so that `runner verify` can repeat the run on another machine and
/// compare. Nothing in it depends on a clock, a locale or the folder: the same run has the same
/// manifest.
public struct Manifest: Hashable, Sendable {
  /// The file of candles, and how to know it again.
  public struct DataFile: Hashable, Sendable {
    /// Where it was, as the user named it.
    public var path: String
    /// Its length; `nil` where it was no file but a pipe, which nobody can read twice.
    public var bytes: Int64?
    /// Its SHA-256 in lower-case hexadecimal digits, as `sha256sum` prints it; `nil` for a pipe.
    public var sha256: String?

    /// A file of these figures.
    public init(path: String, bytes: Int64?, sha256: String?) {
      self.path = path
      self.bytes = bytes
      self.sha256 = sha256
    }

    /// Its name without the folder.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  /// What the command line said about the file's columns; the settings say the rest
  /// (`simulation.interval`, `simulation.on_bad_row`).
  public struct Reading: Hashable, Sendable {
    /// Headers named for columns, `--column key=value`, by the column's name.
    public var columns: [RunResult.Setting]
    /// `--time-unit`; `nil` where the file tells.
    public var timeUnit: String?
    /// `--delimiter`; `nil` where the file tells.
    public var delimiter: String?

    /// A way of reading; by default all is found out from the file.
    public init(
      columns: [RunResult.Setting] = [], timeUnit: String? = nil, delimiter: String? = nil
    ) {
      self.columns = columns
      self.timeUnit = timeUnit
      self.delimiter = delimiter
    }
  }

  /// What made the run.
  public var program: ResultDocument.Program
  /// What it was made from.
  public var data: DataFile
  /// How that was read.
  public var reading: Reading
  /// The part of the file that was traded, `FROM-TO` as the user wrote it; `nil` for all of it.
  public var timeRange: String?
  /// Every setting in force under its full key, defaults included: another version may have others.
  public var settings: [RunResult.Setting]

  /// A manifest of these parts.
  public init(
    program: ResultDocument.Program, data: DataFile, reading: Reading = Reading(),
    timeRange: String? = nil, settings: [RunResult.Setting]
  ) {
    self.program = program
    self.data = data
    self.reading = reading
    self.timeRange = timeRange
    self.settings = settings
  }

  /// The value of a full key such as `exit.trail`.
  public subscript(key: String) -> String? { settings.first { $0.key == key }?.value }
  /// The strategy that played.
  public var strategy: String { self["strategy.name"] ?? "" }
  /// Which extreme of a candle came first; SEMANTICS 6.1.
  public var path: String { self["simulation.path"] ?? "" }
}

extension Manifest {
  /// Writes it as the value of a key.
  func write(to json: inout JSONWriter) {
    json.beginObject(.lines)
    json.key("program")
    program.write(to: &json)
    json.key("data")
    data.write(to: &json)
    json.key("reading")
    reading.write(to: &json)
    json.member("time_range", timeRange)
    json.member("settings", settings)
    json.endObject()
  }
}

extension Manifest.DataFile {
  /// Writes it as the value of a key.
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("path", path)
    json.key("bytes")
    if let bytes { json.value(bytes) } else { json.null() }
    json.member("sha256", sha256)
    json.endObject()
  }
}

extension Manifest.Reading {
  /// Writes it as the value of a key.
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("columns", columns)
    json.member("time_unit", timeUnit)
    json.member("delimiter", delimiter)
    json.endObject()
  }
}

extension JSONWriter {
  /// Writes a member with an object of settings.
  mutating func member(_ name: String, _ settings: [RunResult.Setting]) {
    key(name)
    beginObject()
    for setting in settings { member(setting.key, setting.value) }
    endObject()
  }
}

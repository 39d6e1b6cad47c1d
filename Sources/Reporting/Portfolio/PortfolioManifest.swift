/// All it takes to make a run of several pairs again; see `Manifest`.
public struct PortfolioManifest: Hashable, Sendable {
  /// A pair, in the order of registration.
  public struct Pair: Hashable, Sendable {
    /// Its name, such as `BTC-USD`.
    public var name: String
    /// Its candles.
    public var data: Manifest.DataFile
    /// What was given for this pair alone and wins over the common settings; `correlation_group`
    /// among them.
    public var settings: [RunResult.Setting]

    /// A pair of these parts.
    public init(name: String, data: Manifest.DataFile, settings: [RunResult.Setting]) {
      self.name = name
      self.data = data
      self.settings = settings
    }
  }

  /// What made the run.
  public var program: ResultDocument.Program
  /// The pairs.
  public var pairs: [Pair]
  /// How their files were read, all in one way.
  public var reading: Manifest.Reading
  /// The part of the files that was traded; `nil` for all of it.
  public var timeRange: String?
  /// Every common setting in force under its full key, defaults included.
  public var settings: [RunResult.Setting]

  /// A manifest of these parts.
  public init(
    program: ResultDocument.Program, pairs: [Pair], reading: Manifest.Reading = .init(),
    timeRange: String? = nil, settings: [RunResult.Setting]
  ) {
    self.program = program
    self.pairs = pairs
    self.reading = reading
    self.timeRange = timeRange
    self.settings = settings
  }

  /// Writes it as the value of a key.
  func write(to json: inout JSONWriter) {
    json.beginObject(.lines)
    json.key("program")
    program.write(to: &json)
    json.key("pairs")
    json.beginArray(.lines)
    for pair in pairs {
      json.beginObject()
      json.member("pair", pair.name)
      json.key("data")
      pair.data.write(to: &json)
      json.member("settings", pair.settings)
      json.endObject()
    }
    json.endArray()
    json.key("reading")
    reading.write(to: &json)
    json.member("time_range", timeRange)
    json.member("settings", settings)
    json.endObject()
  }
}

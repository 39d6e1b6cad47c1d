/// The manifest of a result file, of one pair or of several.
public enum RecordedManifest: Hashable, Sendable {
  /// That of a `ratchet-result 1`.
  case one(Manifest)
  /// That of a `ratchet-portfolio 1`.
  case several(PortfolioManifest)

  /// A file of candles and what was given for its pair alone.
  public struct Input: Hashable, Sendable {
    /// The pair; `nil` of a run of one that names none.
    public var pair: String?
    /// The file.
    public var data: Manifest.DataFile
    /// The pair's own settings.
    public var settings: [RunResult.Setting]
  }

  /// What made the run.
  public var program: ResultDocument.Program {
    switch self {
    case .one(let manifest): manifest.program
    case .several(let manifest): manifest.program
    }
  }

  /// The files of candles, in the order of registration.
  public var inputs: [Input] {
    switch self {
    case .one(let manifest): [Input(pair: nil, data: manifest.data, settings: [])]
    case .several(let manifest):
      manifest.pairs.map { Input(pair: $0.name, data: $0.data, settings: $0.settings) }
    }
  }

  /// How the files were read.
  public var reading: Manifest.Reading {
    switch self {
    case .one(let manifest): manifest.reading
    case .several(let manifest): manifest.reading
    }
  }

  /// The part of the files that was traded; `nil` for all of it.
  public var timeRange: String? {
    switch self {
    case .one(let manifest): manifest.timeRange
    case .several(let manifest): manifest.timeRange
    }
  }

  /// Every setting in force for all pairs.
  public var settings: [RunResult.Setting] {
    switch self {
    case .one(let manifest): manifest.settings
    case .several(let manifest): manifest.settings
    }
  }

  /// The value of a full key such as `exit.trail`.
  public subscript(key: String) -> String? { settings.first { $0.key == key }?.value }
  /// The strategy that played.
  public var strategy: String { self["strategy.name"] ?? "" }

  /// Who played what, in a few words: `confluence`, or `confluence on 3 pairs`.
  var title: String {
    switch self {
    case .one: strategy
    case .several(let manifest): "\(strategy) on \(Display.plural(manifest.pairs.count, "pair"))"
    }
  }
}

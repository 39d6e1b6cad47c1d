import Configuration
import Glibc
import JSON
import Market
import Persistence
import Reporting
import Simulator

/// The database that `--db FILE` keeps a run in.
struct RunStore {
  /// Keeps the run while it is played.
  let keeper: RunKeeper

  /// Makes the store of a run, or goes on with it where it was left.
  ///
  /// - Parameters:
  ///   - path: The database; made where it is not there.
  ///   - kind: A backtest keeps what changed something, paper everything, each event before what came of
  ///     it is carried out.
  ///   - manifest: What the run is made from.
  ///   - settings: The same as settings.
  ///   - program: Who writes it.
  ///   - log: Whom the password is hidden from.
  /// - Throws: `StoreError.Problem.otherRun` where the database is of another run, `SQLiteError`,
  ///   `WriterLockError`.
  init(
    _ path: String, _ kind: RunRow.Kind, _ manifest: RecordedManifest, _ settings: Settings,
    _ program: Program, _ log: CommandLog
  ) throws {
    let pairs = settings.tradedPairs
    let run = RunRow(
      kind: kind, session: 0, strategy: settings.strategyName, manifest: manifest.document,
      keeping: kind == .backtest ? .changes : .all, cash: settings.simulation.cash)
    keeper = try RunKeeper(
      try Self.open(
        path, run, pairs.map(PairRow.init), manifest,
        synchronous: kind == .backtest ? .off : .normal, settings, program, log))
  }

  /// Opens the store of a run to write on, or makes it, and notes that this process goes to work on it.
  ///
  /// - Parameters:
  ///   - path: The database.
  ///   - run: What it is of, where it is made.
  ///   - pairs: Its pairs, where it is made.
  ///   - manifest: What the run is made from; that of the store must be the same.
  ///   - synchronous: What survives a power cut.
  ///   - settings: Where the password is.
  ///   - program: Who writes it.
  ///   - log: Whom the password is hidden from.
  /// - Returns: The store.
  /// - Throws: As `init`.
  static func open(
    _ path: String, _ run: RunRow, _ pairs: [PairRow], _ manifest: RecordedManifest,
    synchronous: Synchronous, _ settings: Settings, _ program: Program, _ log: CommandLog
  ) throws -> Store {
    let key = try DatabasePassword.current(settings.persistence)
    if let key { log.hide(key) }
    FileFaults.explainLostMemory(of: path, program.name)
    let store = try Store.openOrCreate(
      at: Store.Location(path: path, key: key, synchronous: synchronous), run: run, pairs: pairs)
    try require(store, isOf: run.kind, manifest, path)
    try store.noteStart(pid: getpid(), version: program.identity.version, at: .now)
    return store
  }

  /// Sees to it that a store is of a run of this kind, made from the same.
  ///
  /// - Throws: `StoreError.Problem.otherRun`.
  static func require(
    _ store: Store, isOf kind: RunRow.Kind, _ manifest: RecordedManifest, _ path: String
  ) throws {
    guard store.run.kind == kind else {
      throw StoreError(
        path: path,
        problem: .otherRun("it is of \(store.run.kind.rawValue), this run of \(kind.rawValue)"))
    }
    if let difference = try Self.manifest(of: store).difference(from: manifest) {
      throw StoreError(path: path, problem: .otherRun(difference))
    }
  }

  /// What the run of a store was made from.
  ///
  /// - Throws: `JSONError`, `ResultFileError` where that cannot be read.
  static func manifest(of store: Store) throws -> RecordedManifest {
    try RecordedManifest(of: try JSONValue(parsing: Array(store.run.manifest.utf8)))
  }

  /// Makes the run complete.
  ///
  /// - Throws: What `RunKeeper.finish` throws.
  func finish(_ result: RunResult) throws {
    let points = EquityCurve(result).lazy.map { AccountPoint(time: $0.time, equity: $0.equity) }
    try keeper.finish(curve: points, at: .now)
  }

  /// Makes the run complete.
  ///
  /// - Throws: What `RunKeeper.finish` throws.
  func finish(_ result: PortfolioResult) throws {
    let points = PortfolioCurve(result).lazy.map { AccountPoint(time: $0.time, equity: $0.equity) }
    try keeper.finish(curve: points, at: .now)
  }
}

extension PairRow {
  init(_ pair: PairSettings) {
    self.init(
      product: pair.name, group: pair.group, quoteIncrement: pair.product.quoteIncrement,
      baseIncrement: pair.product.baseIncrement, interval: pair.simulation.interval,
      positionSize: pair.positionSize)
  }
}

import Glibc

/// A file of candles, and the pair that it is of where the command line says so.
struct CandleSource: Hashable {
  /// The pair, such as `BTC-USD`; `nil` where only a file is named.
  var pair: String?
  /// The file, as the user named it.
  var path: String

  /// What the values of `--csv`, or of another option, name, in their order: one file, or the files of
  /// pairs.
  ///
  /// `PAIR=FILE` names a pair and its file. A folder stands for its files whose names end in `.csv`,
  /// in the order of their names, each of the pair that it is called after. What exists under the
  /// whole text is a file, even if there is an equals sign in it.
  ///
  /// - Throws: `UsageError` where a file lacks its pair or a pair has two, `CandleFolderError` of a
  ///   folder without candles.
  static func list(_ values: [String], option: String = "--csv") throws -> [CandleSource] {
    var sources: [CandleSource] = []
    for value in values {
      if isFolder(value) {
        sources += try files(in: value, option: option)
      } else {
        sources.append(try CandleSource(value, option: option))
      }
    }
    var pairs: Set<String> = []
    for source in sources {
      if let pair = source.pair {
        guard pairs.insert(pair).inserted else { throw UsageError.repeated("\(option) \(pair)=…") }
      } else if sources.count > 1 {
        throw UsageError.refused(
          option: option,
          why: "of several files each needs its pair: write \(option) BTC-USD=\(source.path), for "
            + "example")
      }
    }
    return sources
  }

  /// The files that values of an option name, as far as they name some: nothing is to be written there.
  ///
  /// What is wrong with a value is complained about where candles are looked for, not here.
  static func paths(_ values: [String]) -> [String] {
    values.flatMap { value in
      isFolder(value)
        ? (try? files(in: value, option: "--csv"))?.map(\.path) ?? []
        : [(try? CandleSource(value).path) ?? value]
    }
  }

  init(_ value: String, option: String = "--csv") throws(UsageError) {
    let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].contains("/"), access(value, F_OK) != 0 else {
      self.init(pair: nil, path: value)
      return
    }
    guard !parts[0].isEmpty, !parts[1].isEmpty else {
      throw .invalid(option: option, value: value, expected: "FILE, FOLDER or PAIR=FILE")
    }
    self.init(pair: String(parts[0]), path: String(parts[1]))
  }

  /// A file and its pair.
  init(pair: String?, path: String) {
    self.pair = pair
    self.path = path
  }

  /// Whether a path leads to a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func files(
    in folder: String, option: String
  ) throws(CandleFolderError) -> [CandleSource] {
    guard let directory = opendir(folder) else {
      throw CandleFolderError(folder: folder, option: option, cause: SystemError(number: errno))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasSuffix(".csv"), !name.hasPrefix("."), !isFolder("\(folder)/\(name)") else {
        continue
      }
      names.append(name)
    }
    guard !names.isEmpty else {
      throw CandleFolderError(folder: folder, option: option, cause: nil)
    }
    // By bytes: what comes first must not depend on a locale.
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return names.map { CandleSource(pair: String($0.dropLast(4)), path: prefix + $0) }
  }
}

/// A folder that has no candles to offer.
struct CandleFolderError: Error, Hashable, CustomStringConvertible {
  let folder: String
  /// Which option names it.
  let option: String
  /// What the system says; `nil` where the folder has no file of candles.
  let cause: SystemError?

  var description: String {
    guard let cause else {
      return
        "\(folder) holds no file whose name ends in .csv, such as BTC-USD.csv. Name a folder that "
        + "does, or the files: \(option) BTC-USD=FILE"
    }
    return "cannot read the folder \(folder): \(cause)"
  }
}

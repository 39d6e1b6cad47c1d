import Foundation

/// The sources of this package, as text.
enum House {
  /// A file, by its path from the root.
  struct File: Sendable {
    let path: String
    let text: String

    init(path: String, text: String) {
      self.path = path
      self.text = text
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// All text files below a folder, or the file itself; none if nothing is there.
  static func files(_ path: String) throws -> [File] {
    guard let isFolder = isFolder(path) else { return [] }
    guard isFolder else { return try [file(path)].compactMap(\.self) }
    let folder = root.appending(path: path).path(percentEncoded: false)
    return try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      .filter { !$0.contains("__pycache__") }.compactMap { try file("\(path)/\($0)") }
  }

  /// The Swift files of a module.
  static func swiftFiles(of module: String) throws -> [File] {
    try files("Sources/\(module)").filter { $0.path.hasSuffix(".swift") }
  }

  /// The names of the folders within one.
  static func folders(in path: String) throws -> [String] {
    let folder = root.appending(path: path).path(percentEncoded: false)
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { isFolder("\(path)/\($0)") == true }
  }

  /// A file, or `nil` where the path is a folder or the bytes are no text.
  private static func file(_ path: String) throws -> File? {
    guard isFolder(path) == false else { return nil }
    let bytes = try Data(contentsOf: root.appending(path: path))
    return String(bytes: bytes, encoding: .utf8).map { File(path: path, text: $0) }
  }

  /// Whether there is a folder or a file; `nil` for neither.
  private static func isFolder(_ path: String) -> Bool? {
    var isFolder: ObjCBool = false
    let full = root.appending(path: path).path(percentEncoded: false)
    return FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
      ? isFolder.boolValue : nil
  }
}

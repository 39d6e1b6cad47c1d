import Foundation

/// What a folder contained: one that takes long to make is made once, and each test has its own copy.
struct FolderContents: Sendable {
  private let files: [(name: String, bytes: Data)]

  /// All files of a folder and of those within.
  init(of folder: borrowing TemporaryFolder) throws {
    let names = try FileManager.default.subpathsOfDirectory(
      atPath: folder.url.path(percentEncoded: false))
    let url = folder.url
    files = try names.sorted().compactMap { name in
      let file = url.appending(path: name)
      let isFolder = try file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
      return isFolder ? nil : (name, try Data(contentsOf: file))
    }
  }

  /// A new folder with the same.
  func copied() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, bytes) in files {
      let file = folder.url.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: file)
    }
    return folder
  }
}

import Glibc

/// What a process has, as the system tells.
package struct ProcessSample: Hashable, Sendable {
  /// Memory that is its own, in bytes: without what it shares with other programs.
  package var memory: Int
  /// Open files and sockets.
  package var files: Int

  /// A process of these figures.
  package init(memory: Int, files: Int) {
    self.memory = memory
    self.files = files
  }

  /// Looks at a process; `nil` where there is none.
  package init?(of id: Int32) {
    // statm: size, resident, shared, … in pages.
    let pages = Folder.text(of: "/proc/\(id)/statm").split(separator: " ").compactMap { Int($0) }
    guard pages.count > 2, let folder = opendir("/proc/\(id)/fd") else { return nil }
    defer { closedir(folder) }
    memory = (pages[1] - pages[2]) * Int(sysconf(Int32(_SC_PAGESIZE)))
    files = 0
    while let entry = readdir(folder) {
      // Names are numbers, apart from '.' and '..'.
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { files += 1 }
    }
  }
}

import CWebSockets
import Glibc

/// Somebody who is told what his descriptor is ready for.
protocol Watcher: AnyObject {
  /// There is something to read, or its end.
  func readable()
  /// There is room to write, after it was asked for.
  func writable()
  /// It is dead and about to be closed; its error can still be asked for.
  func lost()
}

/// A descriptor in the hands of libwebsockets; of the loop's thread alone.
final class Watch {
  unowned let loop: EventLoop
  let descriptor: Int32
  var wsi: OpaquePointer?
  /// Who is told; it holds the watch and closes it.
  weak var target: (any Watcher)?

  init(on loop: EventLoop, wsi: OpaquePointer, descriptor: Int32, target: any Watcher) {
    self.loop = loop
    self.wsi = wsi
    self.descriptor = descriptor
    self.target = target
  }

  /// Asks for one call of `writable`.
  func wantsToWrite() {
    if let wsi { lws_callback_on_writable(wsi) }
  }

  /// Whether `readable` is called.
  var reads = true {
    didSet {
      guard reads != oldValue, let wsi else { return }
      lws_rx_flow_control(wsi, reads ? 1 : 0)
    }
  }

  /// The error that the system keeps for the socket; 0 is none.
  var pendingError: Int32 {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    return code
  }
}

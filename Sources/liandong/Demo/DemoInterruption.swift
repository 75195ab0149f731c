import Dispatch
import Glibc

/// Ends a demonstration at SIGINT and SIGTERM: first its children, then this process with 128 and the
/// signal's number. It lasts as long as it is held.
final class DemoInterruption {
  private let sources: [any DispatchSourceSignal]

  /// - Parameter report: called once the children have ended, just before this process does.
  init(ending children: DemoChildren, report: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "liandong.demo.signals")
    sources = [SIGINT, SIGTERM].map { number in
      // The default action would end this process alone.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        children.endAll()
        report()
        exit(128 + number)
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}

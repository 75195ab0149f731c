import Foundation
import Glibc
import Synchronization

/// Waits for descriptors on one thread of its own, so that no task ever blocks a thread of the
/// common pool.
final class ControlReactor: Sendable {
  /// What is waited for.
  enum Readiness: Sendable {
    case readable, writable

    fileprivate var events: Int16 { Int16(self == .readable ? POLLIN : POLLOUT) }
  }

  /// How a wait ended.
  enum Outcome: Sendable {
    /// The descriptor is ready, or has an error that the next call will report.
    case ready
    /// The deadline came first.
    case late
    /// The task was cancelled, or the reactor was stopped.
    case cancelled
  }

  private struct Wait {
    let descriptor: CInt
    let readiness: Readiness
    let deadline: ContinuousClock.Instant?
    let continuation: CheckedContinuation<Outcome, Never>
  }

  private struct State {
    var waits: [UInt64: Wait] = [:]
    /// Waits whose task was cancelled before they were entered.
    var cancelledEarly: Set<UInt64> = []
    var lastID: UInt64 = 0
    var isStopped = false
  }

  private let state = Mutex(State())
  private let pipeReader: CInt
  private let pipeWriter: CInt

  /// Starts the thread; ``stop()`` ends it.
  init() throws {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw ControlError(
        .system, "no pipe is to be had; raise the limit of open files",
        cause: HomeSystemFailure("pipe"))
    }
    (pipeReader, pipeWriter) = (ends[0], ends[1])
    for end in ends { ControlSocket.prepare(end) }
    Thread { [self] in run() }.start()
  }

  deinit {
    close(pipeReader)
    close(pipeWriter)
  }

  /// Ends the thread; everything that waits is told that it was cancelled.
  func stop() {
    state.withLock { $0.isStopped = true }
    nudge()
  }

  /// Waits until the descriptor is ready, the deadline has come or the task is cancelled.
  func wait(
    for readiness: Readiness, on descriptor: CInt, until deadline: ContinuousClock.Instant? = nil
  ) async -> Outcome {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isEntered = state.withLock { state in
          guard !state.isStopped, !state.cancelledEarly.contains(id) else { return false }
          state.waits[id] = Wait(
            descriptor: descriptor, readiness: readiness, deadline: deadline,
            continuation: continuation)
          return true
        }
        if isEntered { nudge() } else { continuation.resume(returning: Outcome.cancelled) }
      }
    } onCancel: {
      let wait = state.withLock { state in
        let wait = state.waits.removeValue(forKey: id)
        if wait == nil { state.cancelledEarly.insert(id) }
        return wait
      }
      wait?.continuation.resume(returning: .cancelled)
    }
    state.withLock { _ = $0.cancelledEarly.remove(id) }
    return outcome
  }

  /// Wakes the thread so that it sees what has changed. A full pipe wakes it as well.
  private func nudge() {
    var byte: UInt8 = 0
    _ = write(pipeWriter, &byte, 1)
  }

  private func run() {
    while true {
      let (waits, isStopped) = state.withLock { ($0.waits, $0.isStopped) }
      if isStopped { break }
      let ids = Array(waits.keys)
      var polled = [pollfd(fd: pipeReader, events: Int16(POLLIN), revents: 0)]
      for id in ids {
        guard let wait = waits[id] else { continue }
        polled.append(pollfd(fd: wait.descriptor, events: wait.readiness.events, revents: 0))
      }
      let timeout = Self.timeout(until: waits.values.compactMap(\.deadline))
      _ = poll(&polled, nfds_t(polled.count), timeout)
      if polled[0].revents != 0 { drain() }
      let now = ContinuousClock.now
      for (index, id) in ids.enumerated() {
        if polled[index + 1].revents != 0 {
          finish(id, .ready)
        } else if let deadline = waits[id]?.deadline, deadline <= now {
          finish(id, .late)
        }
      }
    }
    for id in state.withLock({ Array($0.waits.keys) }) { finish(id, .cancelled) }
  }

  private func finish(_ id: UInt64, _ outcome: Outcome) {
    let wait = state.withLock { $0.waits.removeValue(forKey: id) }
    wait?.continuation.resume(returning: outcome)
  }

  private func drain() {
    var buffer = [UInt8](repeating: 0, count: 256)
    while read(pipeReader, &buffer, buffer.count) > 0 {}
  }

  /// Milliseconds until the first deadline, rounded up; -1 without one.
  private static func timeout(until deadlines: [ContinuousClock.Instant]) -> CInt {
    guard let first = deadlines.min() else { return -1 }
    let left = (first - ContinuousClock.now).components
    guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
    let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000 + 1
    return CInt(clamping: milliseconds)
  }
}

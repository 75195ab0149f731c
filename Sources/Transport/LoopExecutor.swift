import NIOCore

/// Runs a session's tasks on the thread of its connection's event loop.
///
/// A frame then passes from the socket through the link to the store's writer, and from the store to
/// the socket, without waking another thread at each step; waking one costs more than most frames do.
/// What a task does between two awaits must be short: other connections share the thread.
final class LoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

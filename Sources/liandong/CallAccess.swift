import Synchronization

/// The session under which a command's requests go: that of the environment, or one that the command
/// opened by a password and ends when it is done.
final class CallAccess: Sendable {
  /// The environment variable that holds a session's token.
  static let sessionVariable = "LIANDONG_SESSION"

  private struct State {
    var token: String
    var isOwn = false
  }

  private let state: Mutex<State>

  init(_ environment: [String: String]) {
    state = Mutex(State(token: environment[Self.sessionVariable] ?? ""))
  }

  /// Empty for none.
  var token: String { state.withLock { $0.token } }

  /// The token that the command itself opened; `nil` where it opened none.
  var own: String? { state.withLock { $0.isOwn ? $0.token : nil } }

  func open(_ token: String) { state.withLock { $0 = State(token: token, isOwn: true) } }
}

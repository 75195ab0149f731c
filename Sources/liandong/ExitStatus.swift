/// How a command ends. Scripts rely on the numbers; they are never given another meaning.
enum ExitStatus: Int32, Sendable {
  /// Done, or the answer is yes.
  case good = 0
  /// The answer is no: something that was checked does not hold.
  case no = 1
  /// A simulated city did not settle.
  case notSettled = 21
  /// An invariant did not hold in a simulated city.
  case checkFailed = 22
  /// The simulation itself is at fault.
  case harness = 23
  /// The command line is not understood.
  case usage = 64
  /// The input is bad.
  case badData = 65
  /// A node or service cannot be reached.
  case unreachable = 69
  /// The disk or file system fails.
  case disk = 74
  /// Another process holds the store.
  case storeLocked = 75
  /// What was asked is refused.
  case refused = 77
  /// Configuration or certificates are wrong.
  case configuration = 78
}

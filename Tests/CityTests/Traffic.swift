import Foundation
import Glibc
import Synchronization

/// Reports leads at one node as fast as it takes them, over the control socket, through its deaths.
///
/// Each try has a title of its own, so that a lead that stands twice is seen even where no answer
/// came.
final class Traffic: Sendable {
  private struct State {
    var acknowledged: [String: String] = [:]
    var refusals: [String] = []
    var isStopped = false
    var hasEnded = false
  }

  /// A pause while nobody listens.
  private static let pauseMicroseconds: UInt32 = 2_000

  private let name: String
  private let socket: String
  private let state = Mutex(State())

  /// Starts at once, on a thread of its own.
  init(at node: CityNode) {
    name = node.region
    socket = node.socket
    Thread { [self] in run() }.start()
  }

  /// The acknowledged leads: title by number.
  var acknowledged: [String: String] { state.withLock { $0.acknowledged } }
  /// Answers other than an acknowledgement; a death in the middle is none.
  var refusals: [String] { state.withLock { $0.refusals } }

  /// Ends it; no answer comes any more when this returns.
  func stop() async throws {
    state.withLock { $0.isStopped = true }
    try await eventually("the traffic at \(name) ends", within: .seconds(60)) {
      state.withLock { $0.hasEnded }
    }
  }

  private func run() {
    var attempt = 0
    while !state.withLock({ $0.isStopped }) {
      attempt += 1
      let title = "噪声 \(name) \(attempt)"
      switch ControlCall.report(title, at: socket) {
      case .acknowledged(let number): state.withLock { $0.acknowledged[number] = title }
      case .failed(let text): state.withLock { $0.refusals.append(text) }
      case .cut: usleep(Self.pauseMicroseconds)
      }
    }
    state.withLock { $0.hasEnded = true }
  }
}

/// Commands over the control socket: one line of JSON there, lines of JSON back.
enum ControlCall {
  enum ReportOutcome {
    /// The number of the lead, which is durable.
    case acknowledged(String)
    /// The node answered that it did not take the lead.
    case failed(String)
    /// Nobody can tell: the node was not there, or ended before its answer.
    case cut
  }

  /// Reports one lead.
  static func report(_ title: String, at path: String) -> ReportOutcome {
    let arguments = "{\"channel\":\"phone\",\"title\":\"\(title)\",\"urgent\":false}"
    let line =
      "{\"command\":\"lead report\",\"arguments\":\(arguments),\"actor\":\"clerk\","
      + "\"role\":\"platform_office\",\"language\":\"en\"}\n"
    guard let descriptor = Sockets.unix(path) else { return .cut }
    defer { close(descriptor) }
    guard let bytes = Sockets.exchange(descriptor, Array(line.utf8)) else { return .cut }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasSuffix("{\"exit\":0}\n") else {
      return text.contains("\"exit\":") ? .failed(text) : .cut
    }
    let object = try? JSONSerialization.jsonObject(with: Data(text.prefix { $0 != "\n" }.utf8))
    guard let number = (object as? [String: Any])?["number"] as? String else {
      return .failed(text)
    }
    return .acknowledged(number)
  }
}

/// Chance that a seed repeats (SplitMix64, Steele and others 2014).
struct SeededChance: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  /// The seed of the environment variable LIANDONG_SEED, or a fixed one.
  init() {
    seed = ProcessInfo.processInfo.environment["LIANDONG_SEED"].flatMap(UInt64.init) ?? 20_260_730
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

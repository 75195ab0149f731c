import Foundation
import Testing

/// Worlds at random: what no scenario thinks of.
@Suite struct RandomWorldTests {
  /// How many worlds a plain run explores; `LIANDONG_WORLDS` raises it.
  private static let share = 24

  @Test func `random worlds converge and keep every invariant`() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["LIANDONG_WORLDS"].flatMap { Int($0) } ?? Self.share
    let first = environment["LIANDONG_FIRST_WORLD"].flatMap { UInt64($0) } ?? 1
    var frames = 0
    var total = RandomWorld.Counts()
    for seed in first..<first + UInt64(count) {
      do {
        var world = try RandomWorld(seed: seed)
        try world.run()
        frames += world.counts.frames
        total.writes += world.counts.writes
        total.restores += world.counts.restores
        total.moves += world.counts.moves
        total.attacks += world.counts.attacks
        total.restarts += world.counts.restarts
        total.widenings += world.counts.widenings
      } catch {
        Issue.record(
          "world \(seed): \(error); LIANDONG_FIRST_WORLD=\(seed) LIANDONG_WORLDS=1 repeats it")
      }
    }
    // A run that exercises nothing proves nothing.
    #expect(frames > count && total.writes > count)
    print(
      "\(count) worlds from \(first): \(total.writes) writes, \(total.restores) restores, "
        + "\(total.widenings) widenings, \(total.moves) moves, \(total.attacks) attacks, \(total.restarts) restarts, "
        + "\(frames) frames")
  }
}

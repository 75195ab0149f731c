import Ledger
import Regions
import Replication
import Testing
import Wire

@Suite struct HostileBytesTests {
  /// Whatever is read from altered bytes is a frame like any other: it survives a round trip.
  private func read(_ bytes: [UInt8]) throws -> Bool {
    let frame: Frame
    do {
      frame = try FrameCodec.decode(bytes)
    } catch {
      #expect(!error.reason.isEmpty && error.place.hasPrefix("frame"))
      return false
    }
    #expect(try FrameCodec.decode(FrameCodec.encode(frame)) == frame)
    return true
  }

  @Test(.timeLimit(.minutes(10))) func fiveThousandMutationsAreRefusedOrReadAsFrames() throws {
    var generator = FrameGenerator(seed: 2026)
    var refused = 0
    for round in 0..<5_000 {
      var bytes = try FrameCodec.encode(generator.frame(kind: round % FrameGenerator.kinds))
      for _ in 0..<Int.random(in: 1...4, using: &generator.dice) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &generator.dice)
        switch Int.random(in: 0...4, using: &generator.dice) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator.dice)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator.dice)
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.insert(contentsOf: bytes[place...].prefix(64), at: place)
        default: bytes.remove(at: place)
        }
      }
      if try !read(bytes) { refused += 1 }
    }
    print("mutations: \(refused) of 5000 refused, the others read as frames")
    #expect(refused > 2_500)
  }

  @Test func truncatedCommitIsRefusedAtEveryLength() throws {
    var generator = FrameGenerator(seed: 4)
    let commit = try generator.commit(events: 2...2)
    let bytes = try FrameCodec.encode(.repair(Shipment(chains: [], commits: [commit])))
    for length in 0..<bytes.count {
      #expect(throws: MalformedFrame.self) { try FrameCodec.decode(Array(bytes.prefix(length))) }
    }
  }

  @Test func emptyBytesAndTwoKindsAreRefused() {
    #expect(place([]) == "frame")
    #expect(place([0x52, 0x00, 0x52, 0x00]) == "frame.ping")
    #expect(place([0x52, 0x00, 0x3A, 0x00]) == "frame")
    #expect(place([0xFA, 0x01, 0x00]) == "frame")
  }

  @Test func countsBeyondTheirBoundsAreRefused() {
    let chain = field(1, [1])
    #expect(
      place(field(8, field(1, Array(repeating: chain, count: 5).joined())))
        == "frame.repair.chains[0].certificates")
    #expect(place(field(8, field(1, []))) == "frame.repair.chains[0].certificates")
    #expect(
      place(field(8, Array(repeating: field(1, chain), count: 513).joined()))
        == "frame.repair.chains")
    #expect(
      place(field(8, Array(repeating: field(2, []), count: 4_097).joined()))
        == "frame.repair.commits")
    #expect(
      place(field(2, Array(repeating: field(2, []), count: 1_025).joined()))
        == "frame.trees.commits")
    #expect(
      place(field(8, field(2, Array(repeating: field(3, []), count: 257).joined())))
        == "frame.repair.commits[0].events")
    #expect(
      place(field(7, field(1, [UInt8](repeating: 1, count: 32 * 4_097))))
        == "frame.want.hashes")
    #expect(place(field(7, field(1, [UInt8](repeating: 1, count: 33)))) == "frame.want.hashes")
    #expect(
      place(field(6, Array(repeating: field(1, field(4, [])), count: 4_097).joined()))
        == "frame.compare.claims")
    let keys = [UInt8](repeating: 1, count: 40 * 65)
    #expect(
      place(field(6, field(1, field(1, keys.prefix(40)) + field(4, keys))))
        == "frame.compare.claims[0].items")
    #expect(
      place(field(9, Array(repeating: field(1, []), count: 4_097).joined()))
        == "frame.set_aside.notices")
  }

  @Test func millionEmptyItemsAreRefusedBeforeTheyAreBuilt() {
    let bytes = field(3, Array(repeating: field(4, []), count: 1_000_000).joined())
    let clock = ContinuousClock()
    let elapsed = clock.measure { #expect(place(bytes) == "frame.batch.items[0]") }
    #expect(elapsed < .seconds(1))
    let mark = field(4, field(2, [UInt8](repeating: 1, count: 32)))
    let marks = Array(repeating: mark, count: 1_025).joined()
    #expect(place(field(3, marks)) == "frame.batch.items")
  }

  @Test func messageBeyondItsSizeIsRefused() {
    #expect(place([UInt8](repeating: 0, count: ReplicationBounds.messageBytes + 1)) == "frame")
  }

  @Test func numbersThatWouldOverflowAreRefused() {
    let hash = field(3, [UInt8](repeating: 1, count: 32))
    let far: [UInt8] = [0x10, 0x81] + [UInt8](repeating: 0x80, count: 7) + [0x40]
    #expect(place(field(4, [0x08, 0x01] + far)) == "frame.acknowledgement.position")
    #expect(place(field(5, field(1, [0x08, 0x01] + far + hash))) == "frame.noted.urgent.position")
    #expect(place(field(5, field(1, hash))) == "frame.noted.urgent.incarnation")
    #expect(place(field(4, [0x08, 0x07])) == "frame.acknowledgement.lane")
    #expect(place(field(11, [0x08, 0x0B])) == "frame.goodbye.reason")
    #expect(place(field(11, [0x08, 0x00])) == "frame.goodbye.reason")
  }

  @Test func helloWithoutARangeOrWithAnotherRegionIsRefused() {
    let cursors = field(7, field(1, [])) + field(8, field(1, []))
    #expect(place(field(1, [0x08, 0x03, 0x10, 0x02] + cursors)) == "frame.hello.protocol")
    #expect(place(field(1, [0x08, 0x01, 0x10, 0x01] + cursors)) == "frame.hello.region")
    #expect(place(field(1, [0x08, 0x01, 0x10, 0x01] + field(7, []))) == "frame.hello.urgent")
  }

  @Test func withheldPlacesOutOfOrderOrBeyondTheCommitAreRefused() throws {
    var generator = FrameGenerator(seed: 12)
    let hash = field(2, [UInt8](repeating: 1, count: 32))
    let commit = try generator.commit(events: 1...1)
    let frame = { (places: [UInt8]) -> [UInt8] in
      let withheld = places.map { field(4, [0x08, $0] + hash) }.joined()
      let head = field(1, commit.stampBytes) + field(3, [0])
      return field(8, field(2, head + withheld + field(5, commit.signature)))
    }
    #expect(place(frame([2])) == "frame.repair.commits[0].withheld[0]")
    #expect(place(frame([1, 0])) == "frame.repair.commits[0].withheld[1]")
    #expect(place(frame([1, 1])) == "frame.repair.commits[0].withheld[1]")
  }

  @Test func commitThatIsIllFormedMakesTheFrameMalformed() throws {
    var generator = FrameGenerator(seed: 13)
    let commit = try generator.commit(events: 1...1)
    let signature = field(5, commit.signature)
    let event = field(3, [0x80])
    #expect(
      place(field(8, field(2, field(1, commit.stampBytes) + event + signature)))
        == "frame.repair.commits[0]")
    #expect(
      place(field(8, field(2, field(1, [0x80]) + event + signature)))
        == "frame.repair.commits[0]")
  }

  /// Where the codec finds the fault; `nil` if it finds none.
  private func place(_ bytes: [UInt8]) -> String? {
    do {
      _ = try FrameCodec.decode(bytes)
      return nil
    } catch {
      return error.place
    }
  }

  /// A length-delimited field, written by the rules of the protobuf encoding.
  private func field(_ number: Int, _ content: some Sequence<UInt8>) -> [UInt8] {
    let content = Array(content)
    var length: [UInt8] = []
    var rest = content.count
    repeat {
      length.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return [UInt8(number << 3 | 2)] + length + content
  }
}

import Ledger
import Regions
import Replication
import Testing
import Wire

/// The page's vectors of frames, fingerprints and a comparison against the code.
@Suite struct ProtocolFrameTests {
  private let page: ProtocolPage

  init() throws { page = try ProtocolPage() }

  private func frame(_ name: String) throws -> Frame {
    try FrameCodec.decode(page.bytes("frames", name))
  }

  @Test func everyFrameIsReadAndWrittenAsItStandsOnThePage() throws {
    let lines = try page.lines("frames")
    #expect(lines.count == 9)
    for (name, hex) in lines {
      let bytes = try #require([UInt8](hex: hex))
      #expect(try FrameCodec.encode(FrameCodec.decode(bytes)).hex == hex, "\(name)")
    }
  }

  @Test func helloSaysWhatThePageSays() throws {
    let before = try page.lines("running hash")[2].value.split(separator: " ")
    let mark = try #require(Hash(hex: before[0]))
    let running = try #require(Hash(hex: before[1]))
    let place = Cursor(incarnation: 3, position: 2, running: running)
    let region = try #require(RegionID("xugou-jiedao"))
    let hello = Hello(
      protocolVersions: 1...1, region: region, incarnation: 2,
      software: "example 1", trees: [mark],
      cursors: LanePair(urgent: .fresh, bulk: .at(place)))
    #expect(try frame("hello") == .hello(hello))
    guard case .hello(let other) = try frame("hello that resumes nothing") else {
      Issue.record("another kind of frame")
      return
    }
    #expect(other.cursors == LanePair(urgent: .void, bulk: .fresh))
  }

  @Test func batchHoldsTheCommitsAndEntriesOfThePage() throws {
    guard case .batch(let batch) = try frame("batch") else {
      Issue.record("another kind of frame")
      return
    }
    let first = try page.commit("first commit", events: ["founding event"])
    let second = try page.commit("second commit", events: ["later event"])
    #expect(batch.commits == [first, second])
    let lines = try page.lines("running hash").dropFirst().map {
      $0.value.split(separator: " ").compactMap { Hash(hex: $0) }
    }
    #expect(batch.entryHashes == lines.map { $0[0] })
    #expect(batch.end == Cursor(incarnation: 2, position: 3, running: lines[2][1]))
    #expect(
      try frame("noted")
        == .noted(
          NotedHeads(heads: LanePair(urgent: .start(of: 2), bulk: batch.end), count: 2)))
    #expect(try frame("want") == .want([first.entries[0].hash, second.entries[0].hash]))
    #expect(try frame("want nothing more") == .want([]))
  }

  private func example(_ number: Int) -> SetKey {
    SetKey(
      time: HybridTime(milliseconds: UInt64(1000 * (number / 3)), counter: UInt16(number % 2)),
      hash: Hash(of: Array("liandong.example.\(number)\n".utf8)))
  }

  @Test func fingerprintsAreThoseOfThePage() throws {
    let set = NotedSet((0..<80).map(example))
    let ranges: [(String, SetKey, SetKey?)] = [
      ("all", .lowest, nil), ("41 to 60", example(41), example(60)),
      ("none", example(41), example(41)),
    ]
    for (name, lower, upper) in ranges {
      let words = try page.text("fingerprints", name).split(separator: " ")
      let wanted = Fingerprint(
        count: try #require(UInt64(words[0])), high: try #require(UInt64(words[1], radix: 16)),
        low: try #require(UInt64(words[2], radix: 16)))
      #expect(set.fingerprint(set.places(from: lower, before: upper)) == wanted, "\(name)")
    }
    for number in [0, 41, 79] {
      let key = try page.bytes("fingerprints", "key \(number)")
      let time = key.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      #expect(example(number).time.rawValue == time)
      #expect(example(number).hash.bytes == Array(key.dropFirst(8)))
    }
  }

  @Test func comparisonTakesTheFramesOfThePage() throws {
    var driver = RangeComparison(of: NotedSet((0..<80).filter { $0 != 7 }.map(example)))
    var responder = RangeComparison(
      of: NotedSet((0..<80).filter { ![41, 60].contains($0) }.map(example)))
    var claims = driver.begin()
    for (side, line) in try page.lines("comparison").dropLast(2) {
      let bytes = try FrameCodec.encode(.compare(claims))
      #expect(line.hasPrefix("\(Hash(of: bytes))"), "\(side)")
      claims =
        side == "driver" ? responder.answer(to: claims) ?? [] : driver.proceed(after: claims)
    }
    #expect(driver.isComplete && responder.isComplete)
    for (side, missing) in [
      ("driver lacks", driver.missing.map(\.hash)),
      ("responder lacks", responder.missing.map(\.hash)),
    ] {
      let wanted = try page.text("comparison", side).split(separator: " ").map(String.init)
      #expect(missing.map(\.description).sorted() == wanted)
    }
  }

  /// What a comparison says must be what the wire carries, also where one side has nothing.
  @Test(arguments: [(0, 3_000), (3_000, 0), (10, 40_000)])
  func everyFrameOfAComparisonPassesTheWire(ours: Int, theirs: Int) throws {
    var driver = RangeComparison(of: NotedSet((0..<ours).map(example)))
    var responder = RangeComparison(of: NotedSet((0..<theirs).map(example)))
    func carried(_ claims: [RangeClaim]) throws -> [RangeClaim] {
      guard case .compare(let arrived) = try FrameCodec.decode(FrameCodec.encode(.compare(claims)))
      else { return [] }
      return arrived
    }
    var claims = driver.begin()
    while let answer = try responder.answer(to: carried(claims)) {
      claims = try driver.proceed(after: carried(answer))
    }
    #expect(driver.missing.count == max(theirs - ours, 0))
    #expect(responder.missing.count == max(ours - theirs, 0))
  }
}

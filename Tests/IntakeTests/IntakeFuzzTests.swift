import Testing

@testable import Intake

@Suite struct IntakeFuzzTests {
  /// Reads everything; the accounts must balance whatever the bytes are.
  private func read(_ bytes: [UInt8], format: LeadFileFormat?, chunk: Int) -> [LeadRow]? {
    guard let (rows, counts) = try? leadRows(bytes, format: format, chunkSize: { chunk }) else {
      return nil
    }
    #expect(counts.rows == rows.count)
    #expect(counts.accepted + counts.rejected == counts.rows)
    #expect(counts.rows + counts.blankLines <= bytes.count)
    for rejected in rows.compactMap(\.rejection) {
      #expect(rejected.row.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
    return rows
  }

  @Test func `random bytes never crash and chunking never matters`() {
    var random = SplitMix64(seed: intakeSeed)
    let header = Array("reported_at,body\n".utf8)
    let alphabet: [UInt8] = Array("\",\n\r\t 2019/8:.".utf8) + [0, 1, 0x80, 0xCE, 0xDB, 0xE6, 0xFF]
    for round in 0..<2_000 {
      let length = random.below(200)
      let noise = (0..<length).map { _ in
        random.below(2) == 0 ? random.pick(alphabet) : UInt8(random.below(256))
      }
      let bytes = (random.below(4) == 0 ? [] : header) + noise
      let format = random.pick([LeadFileFormat.csv, .tsv, nil])
      let rows = read(bytes, format: format, chunk: 1 + random.below(9))
      #expect(
        rows == read(bytes, format: format, chunk: 4096), "seed \(intakeSeed), round \(round)")
    }
  }

  @Test func `mutated files never crash and sound rows far from a mutation survive`() throws {
    var random = SplitMix64(seed: intakeSeed &+ 1)
    var text = "source_id,reported_at,title,body\r\n"
    for row in 0..<20 {
      text += "\(row),2019/2/28 11:25:05,标题,\"正文,污水\"\"很多\"\"\r\n第二行\"\r\n"
    }
    let sound = [Array(text.utf8), try gb18030(text)]
    var accepted = 0
    for round in 0..<1_000 {
      var bytes = random.pick(sound)
      for _ in 0..<(1 + random.below(4)) {
        // The header stays whole, so that the rows are reached.
        let place = 40 + random.below(bytes.count - 40)
        switch random.below(4) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(random.pick(Array("\",\r\n\t\0".utf8)), at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + random.below(40)))
        }
        if bytes.count < 200 { break }
      }
      guard let rows = read(bytes, format: .csv, chunk: 1 + random.below(64)) else {
        Issue.record("the header was not touched; seed \(intakeSeed), round \(round)")
        continue
      }
      accepted += rows.count { $0.lead != nil }
    }
    // At most four mutations spoil at most a few of twenty rows each.
    #expect(accepted > 1_000 * 14, "accepted \(accepted)")
  }

  @Test func `random and mutated times never crash and stay in the plausible range`() {
    var random = SplitMix64(seed: intakeSeed &+ 2)
    let sound = ["2019/2/28 11:25:05", "2019-02-28T11:25:05.25+08:00", "2019年2月28日", "43782.47"]
    let pieces = Array("0123456789/-:.T+Z年月日： e\u{301}").map(String.init)
    var (read, refused) = (0, 0)
    for round in 0..<5_000 {
      var text = random.below(2) == 0 ? Array(random.pick(sound)).map(String.init) : []
      for _ in 0..<random.below(4) {
        let place = random.below(text.count + 1)
        if place < text.count && random.below(2) == 0 { text.remove(at: place) }
        text.insert(random.pick(pieces), at: min(place, text.count))
      }
      if let time = try? LeadTime.milliseconds(text.joined(), column: "t") {
        read += 1
        // 1990 to 2100, with a zone's width at either end.
        if !(631_000_000_000...4_134_100_000_000).contains(time) {
          Issue.record("\(text.joined()) read as \(time); seed \(intakeSeed), round \(round)")
        }
      } else {
        refused += 1
      }
    }
    // Both sides of the decision were reached.
    #expect(read > 500 && refused > 500, "read \(read), refused \(refused)")
  }
}

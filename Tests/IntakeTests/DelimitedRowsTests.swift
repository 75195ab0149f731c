import Testing

@testable import Intake

@Suite struct DelimitedRowsTests {
  /// Writes CSV after RFC 4180, quoting where it must and sometimes where it need not.
  private func csv(_ table: [[String]], lineEnd: String, random: inout SplitMix64) -> String {
    var text = ""
    for row in table {
      let cells = row.map { cell in
        let mustQuote = cell.utf8.contains { ",\"\r\n".utf8.contains($0) } || row == [""]
        guard mustQuote || random.below(4) == 0 else { return cell }
        return "\""
          + cell.split(separator: "\"", omittingEmptySubsequences: false)
          .joined(separator: "\"\"") + "\""
      }
      text += cells.joined(separator: ",") + lineEnd
    }
    return text
  }

  @Test func `random CSV tables read back the same whatever the chunks`() throws {
    var random = SplitMix64(seed: intakeSeed)
    let pieces = ["a", "污水", "\"", ",", "\n", "\r\n", " ", "é", "x\ty", "𠮷", "'", ";"]
    for round in 0..<300 {
      let columns = 1 + random.below(5)
      let table = (0..<random.below(12)).map { _ in
        (0..<columns).map { _ in
          (0..<random.below(6)).map { _ in random.pick(pieces) }.joined()
        }
      }
      let lineEnd = random.pick(["\n", "\r\n"])
      var text = csv(table, lineEnd: lineEnd, random: &random)
      if random.below(3) == 0, text.unicodeScalars.last == "\n" {
        text = String(String.UnicodeScalarView(text.unicodeScalars.dropLast(lineEnd.utf8.count)))
      }
      var sizes = SplitMix64(seed: random.next())
      let rows = try delimitedRows(Array(text.utf8), format: .csv) { 1 + sizes.below(7) }
      let whole = try delimitedRows(Array(text.utf8), format: .csv) { 1 << 20 }
      #expect(rows == whole, "seed \(intakeSeed), round \(round)")
      #expect(rows.allSatisfy { $0.problem == nil })
      #expect(
        rows.map { $0.fields.map { String(decoding: $0, as: UTF8.self) } } == table,
        "seed \(intakeSeed), round \(round)")

      var line = 1
      for (row, source) in zip(rows, table) {
        #expect(row.line == line, "seed \(intakeSeed), round \(round)")
        line += 1 + source.joined().unicodeScalars.count { $0 == "\n" }
      }
    }
  }

  @Test func `TSV takes quotes as text and keeps every field`() throws {
    let rows = try delimitedRows(
      Array("a\tb\r\n\"x\ty\"z\"\n\t\"\n".utf8), format: .tsv)
    #expect(
      rows.map { $0.fields.map { String(decoding: $0, as: UTF8.self) } }
        == [["a", "b"], ["\"x", "y\"z\""], ["", "\""]])
  }

  @Test func `an open quote costs one line and reading goes on behind it`() throws {
    let rows = try delimitedRows(Array("a,b\n1,\"open\n2,two\n3,three\n".utf8), format: .csv)
    #expect(rows.map(\.line) == [1, 2, 3, 4])
    #expect(rows.map { $0.problem?.code } == [nil, .unterminatedQuote, nil, nil])
    #expect(String(decoding: rows[1].raw, as: UTF8.self) == "1,\"open")
  }

  @Test func `an open quote that meets a later quote costs its own line only`() throws {
    let rows = try delimitedRows(
      Array("a,b\n1,\"open\n2,two\n3,\"three\"\n4,four\n".utf8), format: .csv)
    #expect(rows.map { $0.problem?.code } == [nil, .strayQuote, nil, nil, nil])
    #expect(rows[3].fields == [Array("3".utf8), Array("three".utf8)])
  }

  @Test func `text behind a closing quote rejects its row`() throws {
    let rows = try delimitedRows(Array("\"a\"b,c\nd,e\n".utf8), format: .csv)
    #expect(rows.map { $0.problem?.code } == [.strayQuote, nil])
    #expect(rows[1].line == 2)
  }

  @Test func `an open quote over more than a row's bound is found without the file's end`() throws {
    let filler = String(repeating: "0123456789,x\n", count: IntakeBounds.rowBytes / 13 + 100)
    let rows = try delimitedRows(Array(("1,\"open\n" + filler).utf8), format: .csv)
    #expect(rows[0].problem?.code == .unterminatedQuote)
    #expect(rows.count == 1 + IntakeBounds.rowBytes / 13 + 100)
    #expect(rows.dropFirst().allSatisfy { $0.problem == nil && $0.fields.count == 2 })
  }

  @Test func `fields and rows at their bound pass and beyond it are rejected`() throws {
    func row(_ count: Int) -> [UInt8] { Array(repeating: UInt8(ascii: "x"), count: count) + [10] }
    #expect(
      try delimitedRows(row(IntakeBounds.fieldBytes), format: .tsv).map { $0.problem?.code }
        == [nil])
    #expect(
      try delimitedRows(row(IntakeBounds.fieldBytes + 1) + row(1), format: .tsv)
        .map { $0.problem?.code } == [.fieldTooLong, nil])
    let long = try delimitedRows(row(3 << 20) + row(1), format: .csv)
    #expect(long.map { $0.problem?.code } == [.rowTooLong, nil])
    #expect(long[0].raw.count == IntakeBounds.rowBytes)
    #expect(long[0].problem?.reason.en.contains("\(3 << 20) bytes") == true)
    #expect(long[1].line == 2)
  }

  @Test func `an endless file is read as far as it is asked for`() throws {
    var given = 0
    var rows = try DelimitedRows(
      source: {
        given += 1
        return Array("污水,\(given)\n".utf8)
      }, format: .csv)
    for _ in 0..<50_000 { _ = try #require(try rows.next()) }
    // Nothing is read ahead beyond the sample that decides the encoding.
    #expect(given <= 50_000 + IntakeBounds.encodingSampleBytes / 8)
  }
}

import Glibc
import Testing

@testable import Intake

@Suite struct SampleFileTests {
  /// The folder with shared test data: `LIANDONG_DATA`, or `../shared/data` beside the package.
  private func sample(_ name: String) -> String? {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    let folder =
      getenv("LIANDONG_DATA").map { String(cString: $0) }
      ?? parts.joined(separator: "/") + "/../shared/data"
    let path = folder + "/" + name
    guard access(path, R_OK) == 0 else {
      print("skipped: \(path) is absent; set LIANDONG_DATA to the folder that holds \(name)")
      return nil
    }
    return path
  }

  @Test func `all 391 rows of the sample are accounted for in both time formats`() throws {
    guard let path = sample("complaints-sample.tsv") else { return }
    var rows = try LeadRows(path: path, channel: ChannelKey("web_mail"))
    #expect(rows.columns.meanings == [.sourceID, .reportedAt, .title, .body])
    var (leads, rejected) = ([ImportedLead](), [RejectedRow]())
    while let row = try rows.next() {
      switch row {
      case .accepted(_, let lead, _): leads.append(lead)
      case .rejected(let row): rejected.append(row)
      }
    }
    #expect(rows.counts.rows == 391)
    #expect(leads.count + rejected.count == 391)
    #expect(rows.counts.accepted == leads.count && rows.counts.rejected == rejected.count)
    #expect(rejected.map { "\($0.line) \($0.code)" } == [])
    #expect(Set(leads.map(\.identityText)).count == leads.count)

    // Both formats occur, and both give times of the years that the sample comes from.
    var raw = try DelimitedRows(source: FileChunks(path: path).next, format: .tsv)
    var (dates, serials) = (0, 0)
    while let row = try raw.next() {
      if row.fields[1].contains(UInt8(ascii: "/")) { dates += 1 } else { serials += 1 }
    }
    // The header is not a date.
    #expect((dates, serials) == (356, 35 + 1))
    let plausible = 1_483_228_800_000...1_609_459_200_000 as ClosedRange<Int64>
    #expect(leads.allSatisfy { plausible.contains($0.reportedAtMilliseconds) })
  }
}

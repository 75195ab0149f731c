import Glibc
import Testing

@testable import Intake

/// The seed of the random tests; `INTAKE_SEED` sets another. A failing test prints it.
let intakeSeed = getenv("INTAKE_SEED").flatMap { UInt64(String(cString: $0)) } ?? 20_190_228

/// A source that gives the bytes in chunks of the sizes that `size` tells.
func chunks(_ bytes: [UInt8], size: @escaping () -> Int) -> ChunkSource {
  var offset = 0
  return {
    guard offset < bytes.count else { return nil }
    let end = min(bytes.count, offset + max(1, size()))
    defer { offset = end }
    return Array(bytes[offset..<end])
  }
}

/// All rows of a file given as bytes.
func leadRows(
  _ bytes: [UInt8], format: LeadFileFormat? = nil, channel: String = "hotline_12345",
  chunkSize: @escaping () -> Int = { 1000 }
) throws -> (rows: [LeadRow], counts: LeadRowCounts) {
  var reader = try LeadRows(
    source: chunks(bytes, size: chunkSize), format: format, channel: ChannelKey(channel))
  var rows: [LeadRow] = []
  while let row = try reader.next() { rows.append(row) }
  return (rows, reader.counts)
}

func leadRows(_ text: String, format: LeadFileFormat? = nil) throws -> [LeadRow] {
  try leadRows(Array(text.utf8), format: format).rows
}

extension LeadRow {
  var lead: ImportedLead? {
    if case .accepted(_, let lead, _) = self { lead } else { nil }
  }

  var rejection: RejectedRow? {
    if case .rejected(let row) = self { row } else { nil }
  }
}

/// Raw rows, for tests of the grammar alone.
func delimitedRows(
  _ bytes: [UInt8], format: LeadFileFormat, chunkSize: @escaping () -> Int = { 1000 }
) throws -> [DelimitedRow] {
  var reader = try DelimitedRows(source: chunks(bytes, size: chunkSize), format: format)
  var rows: [DelimitedRow] = []
  while let row = try reader.next() { rows.append(row) }
  return rows
}

/// Text as GB18030, through the C library in the direction that the reader does not use.
func gb18030(_ text: String) throws -> [UInt8] {
  let descriptor = try #require(iconv_open("GB18030", "UTF-8"))
  defer { iconv_close(descriptor) }
  var input = text.utf8.map { CChar(bitPattern: $0) }
  var output = [CChar](repeating: 0, count: input.count * 4 + 16)
  let capacity = output.count
  var left = capacity
  let result = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      var from = source.baseAddress
      var fromLeft = source.count
      var to = target.baseAddress
      return iconv(descriptor, &from, &fromLeft, &to, &left)
    }
  }
  try #require(result == 0)
  return output.prefix(capacity - left).map { UInt8(bitPattern: $0) }
}

/// The limits of reading a lead file. Memory stays below a few times ``rowBytes`` plus
/// ``encodingSampleBytes`` and the remembered identities, however long the file is.
package enum IntakeBounds {
  /// The longest field, in bytes as they stand in the file, quotes not counted.
  package static let fieldBytes = 64 * 1024
  /// The longest row, in bytes as they stand in the file, line end not counted.
  package static let rowBytes = 256 * 1024
  /// The most columns that a header may name.
  package static let columns = 256
  /// The most unknown columns that one row may fill.
  package static let extraFields = 64
  /// The most UTF-8 bytes that the names and values of a row's unknown columns may take together.
  package static let extraBytes = 16 * 1024
  /// How many bytes, from the first one that is not ASCII, the choice of encoding looks at.
  package static let encodingSampleBytes = 256 * 1024
  /// How many identities are remembered to tell a row that repeats an earlier one of its file.
  package static let rememberedIdentities = 500_000
  /// How many bytes are asked of a file at a time.
  package static let fileChunkBytes = 64 * 1024
  /// How many characters of a faulty value a reason quotes.
  package static let quotedCharacters = 40
}

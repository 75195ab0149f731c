import Evidence
import Testing

@Suite struct EvidenceNameTests {
  /// FIPS 180-2, appendix B.1.
  private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func `a name is the SHA-256 of the content and gives a safe path`() throws {
    let name = EvidenceName(of: Array("abc".utf8))
    #expect(name.description == abc)
    #expect(name.relativePath == "ba/" + abc.dropFirst(2))
    #expect(EvidenceName(abc) == name)
    #expect(EvidenceName(folder: "ba", file: abc.dropFirst(2)) == name)
  }

  @Test func `anything but 64 lower-case digits is no name`() {
    for text in [
      "", "ba", abc.uppercased(), abc + "0", "../" + abc.dropFirst(3), "g" + abc.dropFirst(),
      "\u{FF11}" + abc.dropFirst(3), abc.dropLast() + "\n",
    ] {
      #expect(EvidenceName(text) == nil, "\(text)")
    }
    #expect(EvidenceName(folder: "b", file: abc.dropFirst()) == nil)
    #expect(EvidenceName(folder: "..", file: abc.dropFirst(2)) == nil)
    #expect(!EvidenceName.isFolder("..") && !EvidenceName.isFolder("abc"))
  }
}

import Testing

@testable import Intake

@Suite struct PollutionWordsTests {
  @Test(arguments: [
    ("工地夜里打桩，扬尘也大", ["air", "noise"]), ("养殖场污水流进鱼塘，臭味熏人", ["air", "water"]),
    ("有人把渣土倒进湿地", ["solid_waste", "ecological"]), ("新建基站离幼儿园太近", ["radiation"]),
    ("水泥路坏了，请修", []), ("噪", []), ("", []),
  ]) func `words tell types in the fixed order`(text: String, types: [String]) {
    #expect(PollutionWords.keys(in: text) == types)
  }

  @Test func `title and body both count`() throws {
    let rows = try leadRows("reported_at,title,body\n2019/2/28,噪音,排污口\n")
    #expect(rows.first?.lead?.types == ["noise", "water"])
  }

  @Test(arguments: [
    ("大气", ["air"]), ("Noise / WATER", ["noise", "water"]), ("固体废物污染", ["solid_waste"]),
    ("solid waste|ecological", ["solid_waste", "ecological"]),
    ("水、气、声", ["air", "noise", "water"]),
    ("工业废气类", ["air"]),
  ]) func `a types column is read with any separator`(text: String, types: [String]) {
    let (keys, unknown) = PollutionWords.keys(inColumn: text)
    #expect(keys == types)
    #expect(unknown == [])
  }

  @Test func `a types column without a known type leaves the decision to the text`() throws {
    let rows = try leadRows("reported_at,types,body\n2019/2/28,其他、待定,夜里噪音大\n")
    #expect(rows.first?.lead?.types == ["noise"])
    #expect(rows.first?.lead?.extra == [.init(name: "types", value: "其他、待定")])
  }
}

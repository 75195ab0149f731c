/// Tells pollution types (污染类型) by the words of a text. A report often carries several types, and
/// a text that names none has none: then a person decides.
///
/// This table is the one place of these words. A word belongs here if it hardly ever occurs in a
/// report of another type: 水 alone does not (水泥, 开水), 污水 does; 扰民 is said of smoke as well as of
/// noise, so it is left out.
package enum PollutionWords {
  /// The keys of the types, in the order in which a lead lists them.
  package static let keys = ["air", "noise", "water", "solid_waste", "ecological", "radiation"]

  private static let words: [(key: String, words: [String])] = [
    (
      "air",
      [
        "大气", "空气", "废气", "臭气", "臭味", "恶臭", "异味", "刺鼻", "油烟", "扬尘", "粉尘", "灰尘", "烟尘",
        "尘土", "浮尘", "黑烟", "浓烟", "白烟", "烟雾", "烟气", "尾气", "雾霾", "焚烧", "烧秸秆", "露天烧烤",
        "沥青味", "油漆味", "酸味", "难闻", "熏人", "呛人", "喷漆", "甲醛", "二氧化硫", "氮氧化物", "尘肺",
      ]
    ),
    (
      "noise",
      [
        "噪声", "噪音", "躁音", "噪杂", "嘈杂", "轰鸣", "吵闹", "太吵", "很吵", "吵得", "吵醒", "震动", "振动",
        "低频", "喇叭声", "广场舞", "打桩", "鸣笛", "炸街", "音响", "分贝", "夜间施工", "无法入睡", "睡不着",
      ]
    ),
    (
      "water",
      [
        "水污染", "污染水", "污水", "废水", "黑臭", "臭水", "黑水", "水质", "水体", "水源", "饮用水", "地下水",
        "排污口", "河道", "河水", "河里", "河面", "湖水", "鱼塘", "死鱼", "入河", "雨水管", "下水道", "化粪池",
      ]
    ),
    (
      "solid_waste",
      [
        "固废", "固体废物", "危废", "危险废物", "垃圾", "渣土", "建筑废料", "废渣", "废料", "污泥", "矿渣", "煤渣",
        "尾矿", "废机油", "医疗废物", "废旧电池", "废弃物", "粪便",
      ]
    ),
    (
      "ecological",
      [
        "生态破坏", "破坏生态", "生态环境破坏", "毁林", "砍伐", "采石", "采砂", "挖砂", "盗采", "非法采矿", "滥采",
        "山体", "植被", "湿地", "自然保护区", "保护区内", "围垦", "填湖", "填塘", "水土流失",
      ]
    ),
    (
      "radiation",
      ["辐射", "电磁", "放射", "信号塔", "通信基站", "基站", "变电站", "变电所", "高压线", "高压电"]
    ),
  ]

  /// The names of the types themselves, as a column of types gives them.
  private static let names: [String: String] = [
    "air": "air", "大气": "air", "大气污染": "air", "气": "air", "noise": "noise", "噪声": "noise",
    "噪音": "noise", "噪声污染": "noise", "声": "noise", "water": "water", "水": "water", "水污染": "water",
    "水环境": "water", "solid_waste": "solid_waste", "solid waste": "solid_waste",
    "固废": "solid_waste", "固体废物": "solid_waste", "固废污染": "solid_waste",
    "固体废物污染": "solid_waste", "ecological": "ecological", "生态": "ecological",
    "生态破坏": "ecological", "自然生态": "ecological", "radiation": "radiation", "辐射": "radiation",
    "辐射污染": "radiation", "电磁辐射": "radiation",
  ]

  /// The words by their first scalar, so that one pass over a text finds all of them.
  private static let wordsByFirst: [Unicode.Scalar: [(key: String, rest: [Unicode.Scalar])]] = {
    var table: [Unicode.Scalar: [(key: String, rest: [Unicode.Scalar])]] = [:]
    for (key, words) in words {
      for word in words {
        let scalars = Array(word.unicodeScalars)
        table[scalars[0], default: []].append((key, Array(scalars.dropFirst())))
      }
    }
    return table
  }()

  /// The types whose words occur in one of the texts.
  package static func keys(in texts: String...) -> [String] {
    var found: Set<String> = []
    for text in texts {
      var rest = text.unicodeScalars[...]
      while let first = rest.popFirst() {
        for candidate in wordsByFirst[first] ?? [] where rest.starts(with: candidate.rest) {
          found.insert(candidate.key)
        }
      }
    }
    return keys.filter(found.contains)
  }

  /// Reads a column of types: names or keys with any usual separator between them.
  /// - Returns: the types, and the parts that name none of them.
  package static func keys(inColumn text: String) -> (keys: [String], unknown: [String]) {
    var found: Set<String> = []
    var unknown: [String] = []
    let parts = text.split { ",，、;；/|+\n\t".contains($0) }
    for part in parts.map({ trimmed($0) }) where !part.isEmpty {
      let key = part.lowercased()
      if let name = names[key] ?? names[key.replacingSpaces()] {
        found.insert(name)
      } else {
        let byWords = keys(in: part)
        found.formUnion(byWords)
        if byWords.isEmpty { unknown.append(part) }
      }
    }
    return (keys.filter(found.contains), unknown)
  }
}

extension String {
  fileprivate func replacingSpaces() -> String {
    String(map { $0 == " " || $0 == "-" ? "_" : $0 })
  }
}

extension TopologyFinding {
  /// What is wrong, in that language.
  package func message(in language: Language) -> String {
    switch language {
    case .zh: messageZH
    case .en: messageEN
    }
  }

  /// What to do, in that language.
  package func cure(in language: Language) -> String {
    switch language {
    case .zh: cureZH
    case .en: cureEN
    }
  }

  private var messageEN: String {
    switch code {
    case .fileTooLarge: "The file has \(subject) bytes, more than \(detail)."
    case .forbiddenCharacter: "The character \(subject) cannot stand in the file."
    case .yamlSyntax: "The text is not YAML: \(subject)."
    case .anchorNotAllowed: "An anchor (&) or alias (*) stands here; they are not read."
    case .tooDeep: "The text is nested more than \(detail) levels deep."
    case .duplicateKey: "A key stands twice in one mapping: \(subject)."
    case .unknownKey: "“\(subject)” is no key here."
    case .missingKey: "The key “\(subject)” is missing."
    case .wrongType: "A \(expectedEN) is expected here."
    case .malformedID: "“\(subject)” is no id."
    case .malformedNumber: "“\(subject)” is no region number."
    case .malformedDate: "“\(subject)” is no date."
    case .malformedCode: "“\(subject)” is no division code."
    case .malformedAddress: "“\(subject)” is no address."
    case .malformedLocation: "“\(subject)” is no degree of latitude or longitude."
    case .malformedWord: "“\(subject)” is no key word."
    case .malformedName: "“\(subject)” is no name."
    case .unknownTier: "“\(subject)” is no tier."
    case .periodReversed: "The period ends on \(subject), before it begins on \(detail)."
    case .duplicateDepartment: "The department “\(subject)” stands twice, first on line \(detail)."
    case .unknownDepartmentSet: "There is no department set “\(subject)”."
    case .unknownCodeSystem: "There is no code system “\(subject)”."
    case .duplicateID: "The id “\(subject)” is given twice, first on line \(detail)."
    case .duplicateNumber: "The number \(subject) is given twice, first on line \(detail)."
    case .duplicateCode:
      "The code “\(subject)” is given twice for the same days, the other time on line \(detail)."
    case .noHub: "No region is of tier city."
    case .secondHub: "“\(subject)” is a second region of tier city; the first is on line \(detail)."
    case .unknownParent: "The parent “\(subject)” is not in the file."
    case .unknownManagingBlock: "The managing block “\(subject)” is not in the file."
    case .tierOutOfOrder: "\(subject) is under \(detail), which is of no higher tier."
    case .cycle: "“\(subject)” lies above itself: \(detail)."
    case .treeRefused: "The regions form no tree: \(detail)"
    }
  }

  private var cureEN: String {
    switch code {
    case .fileTooLarge: "Shorten the file or split the deployment."
    case .forbiddenCharacter: "Remove the character and save the file as UTF-8."
    case .yamlSyntax: "Mend the indentation, quotes or brackets at or before this place."
    case .anchorNotAllowed: "Write the value out; for departments use `department_sets`."
    case .tooDeep: "Write the regions as a flat list."
    case .duplicateKey: "Keep one of the two."
    case .unknownKey: "Remove or correct it; the keys here are \(detail)."
    case .missingKey: "Add a line `\(subject): ...`."
    case .wrongType: "See the explanation at the top of the file for the layout."
    case .malformedID: "Use 1 to 40 of a-z, 0-9 and inner hyphens, for example `banpu-zhen`."
    case .malformedNumber: "Use a whole number from 1 to 9999."
    case .malformedDate: "Write an existing day as yyyy-mm-dd."
    case .malformedCode:
      "Use 6, 9 or 12 digits (nbs and mca systems), else 1 to 32 letters, digits, dots, hyphens."
    case .malformedAddress: "Write host:port, for example `10.0.3.7:7420` or `[fd00::7]:7420`."
    case .malformedLocation: "Write degrees: latitude from -90 to 90, longitude from -180 to 180."
    case .malformedWord: "Use 1 to 32 of a-z, 0-9 and _, a letter first."
    case .malformedName: "Write one line of 1 to 60 characters without spaces at its ends."
    case .unknownTier: "Use one of \(detail)."
    case .periodReversed: "Exchange or correct the two days; both ends are included."
    case .duplicateDepartment: "Keep one of the two."
    case .unknownDepartmentSet: declared("department_sets", detail)
    case .unknownCodeSystem: declared("code_systems", detail)
    case .duplicateID: "Give the other region an id of its own; an id is never used again."
    case .duplicateNumber: "Give the other region a free number; a number is never used again."
    case .duplicateCode: "Correct one code, or end one period before the other begins."
    case .noHub: "Enter the municipal hub with `tier: city` and without `parent`."
    case .secondHub: "Keep one hub; give the other region its own tier and a parent."
    case .unknownParent, .unknownManagingBlock:
      detail.isEmpty
        ? "Enter that region, or name another." : "Perhaps `\(detail)` is meant; else enter it."
    case .tierOutOfOrder: "Name a region of a higher tier, or correct one of the two tiers."
    case .cycle: "Give one region of the circle a parent outside it."
    case .treeRefused: "Correct the parents that are named."
    }
  }

  private var expectedEN: String {
    switch detail {
    case "mapping": "mapping (key: value)"
    case "list": "list (- ...)"
    case "name": "name or a list with at least one"
    default: "text"
    }
  }

  private func declared(_ key: String, _ known: String) -> String {
    known.isEmpty
      ? "Declare it under `\(key)`." : "Declare it under `\(key)`, or use one of \(known)."
  }
}

extension TopologyFinding {
  private var messageZH: String {
    switch code {
    case .fileTooLarge: "文件有 \(subject) 字节,超过上限 \(detail) 字节。"
    case .forbiddenCharacter: "文件中不能有字符 \(subject)。"
    case .yamlSyntax: "不是合法的 YAML 文本:\(subject)。"
    case .anchorNotAllowed: "此处是锚点(&)或引用(*),本程序不读取。"
    case .tooDeep: "嵌套超过 \(detail) 层。"
    case .duplicateKey: "同一处键重复:\(subject)。"
    case .unknownKey: "此处没有“\(subject)”这个键。"
    case .missingKey: "缺少键“\(subject)”。"
    case .wrongType: "此处应为\(expectedZH)。"
    case .malformedID: "“\(subject)”不是合法的标识。"
    case .malformedNumber: "“\(subject)”不是合法的区域编号。"
    case .malformedDate: "“\(subject)”不是合法的日期。"
    case .malformedCode: "“\(subject)”不是合法的区划代码。"
    case .malformedAddress: "“\(subject)”不是合法的地址。"
    case .malformedLocation: "“\(subject)”不是合法的经纬度。"
    case .malformedWord: "“\(subject)”不是合法的关键字。"
    case .malformedName: "“\(subject)”不是合法的名称。"
    case .unknownTier: "没有“\(subject)”这个层级。"
    case .periodReversed: "有效期止于 \(subject),早于起始日 \(detail)。"
    case .duplicateDepartment: "部门“\(subject)”重复,首次在第 \(detail) 行。"
    case .unknownDepartmentSet: "没有部门组“\(subject)”。"
    case .unknownCodeSystem: "没有代码体系“\(subject)”。"
    case .duplicateID: "标识“\(subject)”重复,首次在第 \(detail) 行。"
    case .duplicateNumber: "编号 \(subject) 重复,首次在第 \(detail) 行。"
    case .duplicateCode: "代码“\(subject)”在同一时期给了两次,另一次在第 \(detail) 行。"
    case .noHub: "没有层级为 city 的区域。"
    case .secondHub: "“\(subject)”是第二个层级为 city 的区域,第一个在第 \(detail) 行。"
    case .unknownParent: "行政上级“\(subject)”不在文件中。"
    case .unknownManagingBlock: "托管功能板块“\(subject)”不在文件中。"
    case .tierOutOfOrder: "\(subject) 的上级 \(detail) 层级并不更高。"
    case .cycle: "“\(subject)”成了自己的上级:\(detail)。"
    case .treeRefused: "各区域不成一棵树:\(detail)"
    }
  }

  private var cureZH: String {
    switch code {
    case .fileTooLarge: "请精简文件或拆分部署。"
    case .forbiddenCharacter: "请删除该字符,并以 UTF-8 保存。"
    case .yamlSyntax: "请检查此处及之前的缩进、引号和括号。"
    case .anchorNotAllowed: "请直接写出内容;部门可用 `department_sets`。"
    case .tooDeep: "请把区域写成平列的清单。"
    case .duplicateKey: "请只保留一个。"
    case .unknownKey: "请删除或更正;此处可用的键:\(detail)。"
    case .missingKey: "请补上一行 `\(subject): ...`。"
    case .wrongType: "写法见文件开头的说明。"
    case .malformedID: "请用 1 至 40 个 a-z、0-9 及中间的连字符,如 `banpu-zhen`。"
    case .malformedNumber: "请用 1 至 9999 的整数。"
    case .malformedDate: "请写成 yyyy-mm-dd,且该日存在。"
    case .malformedCode: "nbs、mca 体系用 6、9 或 12 位数字;其他用 1 至 32 个字母、数字、点、连字符。"
    case .malformedAddress: "请写成 主机:端口,如 `10.0.3.7:7420` 或 `[fd00::7]:7420`。"
    case .malformedLocation: "请写度数:纬度 -90 至 90,经度 -180 至 180。"
    case .malformedWord: "请用 1 至 32 个 a-z、0-9 和 _,以字母开头。"
    case .malformedName: "请写一行 1 至 60 个字,首尾无空格。"
    case .unknownTier: "请用其中之一:\(detail)。"
    case .periodReversed: "请对调或更正两个日期;起止日均含在内。"
    case .duplicateDepartment: "请只保留一个。"
    case .unknownDepartmentSet: declaredZH("department_sets", detail)
    case .unknownCodeSystem: declaredZH("code_systems", detail)
    case .duplicateID: "请给另一区域自己的标识;标识永不重用。"
    case .duplicateNumber: "请给另一区域未用过的编号;编号永不重用。"
    case .duplicateCode: "请更正其一,或使一段有效期止于另一段开始之前。"
    case .noHub: "请写入市级节点:`tier: city`,不写 `parent`。"
    case .secondHub: "只保留一个市级节点;另一区域请写自己的层级和上级。"
    case .unknownParent, .unknownManagingBlock:
      detail.isEmpty ? "请写入该区域,或改为其他区域。" : "可能是 `\(detail)`;否则请写入该区域。"
    case .tierOutOfOrder: "请改为更高层级的区域,或更正两者之一的层级。"
    case .cycle: "请给环中的一个区域改写环外的上级。"
    case .treeRefused: "请更正所指的上级。"
    }
  }

  private var expectedZH: String {
    switch detail {
    case "mapping": "键值对(键: 值)"
    case "list": "清单(- ...)"
    case "name": "名称或至少一项的清单"
    default: "文字"
    }
  }

  private func declaredZH(_ key: String, _ known: String) -> String {
    known.isEmpty ? "请在 `\(key)` 中写明。" : "请在 `\(key)` 中写明,或用其中之一:\(known)。"
  }
}

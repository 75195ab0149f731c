/// Which column of a lead file means what, as its header names them.
///
/// Several columns may mean the same (电话 and 手机): the first that a row fills counts, and the
/// others are kept as extra; of the reporter's name and contact all are joined, so that personal
/// data does not slip into the extra fields.
package struct LeadColumns: Sendable {
  /// A meaning that a column can have.
  package enum Meaning: String, CaseIterable, Sendable {
    /// The lead's id at its source (来源编号).
    case sourceID = "source_id"
    /// When it was reported (举报时间); required.
    case reportedAt = "reported_at"
    /// The title (标题); this or the body is required.
    case title
    /// The report's text (内容).
    case body
    /// Where it is, in words (地点).
    case place
    /// The region's name (属地).
    case region
    /// Pollution types (污染类型).
    case types
    /// The reporter's name (举报人).
    case reporterName = "reporter_name"
    /// The reporter's telephone number or address (联系电话).
    case reporterContact = "reporter_contact"
    /// Whom the report accuses (被举报单位).
    case respondent
    /// The number of a letter (文号).
    case sourceNumber = "source_number"
    /// By when an answer is wanted (期限).
    case deadline
    /// Degrees north (纬度).
    case latitude = "lat"
    /// Degrees east (经度).
    case longitude = "lon"
  }

  /// The header's names in the file's order, in their normal form, never empty.
  package let names: [String]
  /// What each column means; `nil` for an unknown one.
  package let meanings: [Meaning?]

  /// Reads a header.
  /// - Throws: ``IntakeError`` `bad_header` when a required column is missing or there are too many.
  package init(header: [String]) throws {
    try Self.check(header)
    names = Self.names(in: header)
    meanings = header.map { Self.synonyms[Self.simplified(trimmed($0))] }
    try requireColumns()
  }

  /// Columns with the meanings that somebody gives them.
  package init(_ columns: [(name: String, meaning: Meaning?)]) {
    names = columns.map(\.name)
    meanings = columns.map(\.meaning)
  }

  /// The names of a header as reasons tell them: trimmed, and never empty.
  package static func names(in header: [String]) -> [String] {
    header.enumerated().map { index, cell in
      let name = trimmed(cell)
      return name.isEmpty ? "column \(index + 1)" : name
    }
  }

  /// - Throws: ``IntakeError`` `bad_header` for a header of too many columns.
  package static func check(_ header: [String]) throws {
    guard header.count <= IntakeBounds.columns else {
      throw IntakeError(
        .badHeader,
        zh: "表头有 \(header.count) 列,最多读 \(IntakeBounds.columns) 列;请删去不需要的",
        en: "the header names \(header.count) columns, at most \(IntakeBounds.columns) are "
          + "read; remove those that are not needed")
    }
  }

  private func requireColumns() throws {
    var missing: [String] = []
    if !meanings.contains(.reportedAt) { missing.append("reported_at (举报时间)") }
    if !meanings.contains(.title) && !meanings.contains(.body) {
      missing.append("title (标题) / body (内容)")
    }
    guard !missing.isEmpty else { return }
    let found = names.prefix(12).map { quotedForReason($0) }.joined(separator: ", ")
    throw IntakeError(
      .badHeader,
      zh: "表头缺少 \(missing.joined(separator: "、"));现有 \(found);请在第一行写列名,用逗号(CSV)或制表符(TSV)分隔",
      en: "the header lacks \(missing.joined(separator: " and ")); it names \(found); "
        + "name the columns in the first line, separated by commas (CSV) or tabs (TSV)")
  }

  /// A name without what varies: case, white space, underscore, hyphen, a mark of obligation and a
  /// remark in brackets.
  private static func simplified(_ name: String) -> String {
    var result = ""
    for character in name.lowercased() {
      if character == "(" || character == "（" { break }
      if character.isWhitespace || "_-*:：".contains(character) { continue }
      result.append(character)
    }
    return result
  }

  private static let synonyms: [String: Meaning] = {
    let table: [(Meaning, [String])] = [
      (
        .sourceID,
        [
          "sourceid", "来源编号", "工单编号", "编号", "工单号", "受理编号", "信访编号", "线索编号", "留言编号",
        ]
      ),
      (
        .reportedAt,
        [
          "reportedat", "举报时间", "受理时间", "来电时间", "投诉时间", "登记时间", "上报时间", "反映时间", "留言时间",
        ]
      ),
      (.title, ["title", "标题", "主题", "工单标题", "留言主题"]),
      (
        .body,
        ["body", "content", "内容", "诉求内容", "正文", "举报内容", "投诉内容", "反映内容", "问题描述", "留言详情"]
      ),
      (.place, ["place", "address", "地点", "地址", "事发地点", "事发地址", "污染地点", "详细地址"]),
      (.region, ["region", "属地", "乡镇街道", "区县", "所属区域", "所属区县", "行政区", "行政区划", "辖区"]),
      (.types, ["types", "type", "污染类型", "类别", "污染类别", "问题类型", "举报类型"]),
      (
        .reporterName,
        ["reportername", "举报人", "姓名", "举报人姓名", "投诉人", "来电人", "联系人", "信访人", "反映人", "留言用户"]
      ),
      (
        .reporterContact,
        [
          "reportercontact", "phone", "mobile", "telephone", "email", "联系电话", "电话", "手机", "手机号",
          "手机号码", "电话号码", "联系方式", "来电号码", "举报人电话", "投诉人电话", "邮箱", "电子邮箱", "微信", "微信号",
        ]
      ),
      (.respondent, ["respondent", "被举报单位", "被投诉单位", "被举报人", "被投诉对象", "污染单位", "企业名称"]),
      (.sourceNumber, ["sourcenumber", "文号", "来文号", "来文编号", "交办文号"]),
      (.deadline, ["deadline", "期限", "办理期限", "办结期限", "截止时间", "反馈期限"]),
      (.latitude, ["lat", "latitude", "纬度"]),
      (.longitude, ["lon", "lng", "longitude", "经度"]),
    ]
    var synonyms: [String: Meaning] = [:]
    for (meaning, words) in table {
      for word in words { synonyms[word] = meaning }
    }
    return synonyms
  }()
}

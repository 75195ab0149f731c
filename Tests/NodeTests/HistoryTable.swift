/// A small table of an older system, and the mapping for it.
enum HistoryTable {
  static let columns = [
    "单号", "受理", "题", "来电人", "电话", "状态", "登记", "研判", "不受理", "分办", "单位", "签收", "查实", "责令", "限期", "照片",
    "照片2", "整改", "复查", "复查人", "回访", "办结", "经办",
  ]

  static let mapping = """
    mapping: 1
    none: ["-"]
    lead:
      source_id: 单号
      channel: {constant: hotline_12345}
      reported_at: 受理
      title: 题
      reporter_name: 来电人
      reporter_contact: 电话
    stage:
      column: 状态
      values: {新: intake, 待查: inspect, 整改: rectify, 复查中: recheck, 拟拒: rejecting, 拒: rejected, 完: closed}
    steps:
      - {act: registered, at: 登记}
      - {act: triaged, at: 研判, by: 经办, set: {types: {constant: 噪声}}}
      - {act: rejection_proposed, at: 不受理, set: {reason: {constant: 重复}}}
      - {act: rejected, at: 不受理, where: {状态: 拒}}
      - {act: dispatched, at: 分办, to: [{column: 单位, values: {老湖镇: lake0}}, {constant: east}]}
      - {act: signed, at: 签收}
      - {act: evidence_added, at: 照片, set: {file: {constant: aa}, name: {constant: 前}, type: {constant: image/jpeg}, bytes: {constant: "1"}}}
      - {act: evidence_added, at: 照片2, set: {file: {constant: bb}, name: {constant: 后}, type: {constant: image/jpeg}, bytes: {constant: "1"}}}
      - {act: inspected, at: 查实, set: {officers: {constant: "甲,乙"}, finding: {constant: 属实}}, events: {photos: evidence_added}}
      - {act: rectification_ordered, at: 责令, due: 限期, set: {order: {constant: 停}, items: {constant: 停}}}
      - {act: rectified, at: 整改, set: {result: {constant: 已停}}, events: {before_after: evidence_added}}
      - {act: rechecked, at: 复查, set: {officers: 复查人, result: {constant: 好}}}
      - {act: fed_back, at: 回访, set: {result: {constant: 满意}}}
      - {act: closed, at: 办结, by: 经办, set: {result: {constant: 已处理}}}
    """

  /// A lead that was closed after rectification, by the officer who had inspected; its order was due
  /// long ago.
  static let closed: [String: String] = [
    "单号": "A1", "受理": "2024/3/1 09:00", "题": "已办结", "来电人": "张三", "电话": "13900000001", "状态": "完",
    "登记": "2024/3/1 09:05", "研判": "2024/3/1 10:00", "分办": "2024-03-01", "单位": "老湖镇",
    "签收": "2024/3/2 08:00", "照片": "2024/3/2 09:00", "查实": "2024/3/2 09:10", "责令": "2024/3/2 10:00",
    "限期": "2024/3/20", "照片2": "2024/3/15 09:00", "整改": "2024/3/15 10:00", "复查": "45370.5",
    "复查人": "甲", "回访": "2024/3/20 10:00", "办结": "2024/3/21 10:00", "经办": "赵六",
  ]

  static func row(_ changes: [String: String]) -> [String: String] {
    closed.merging(changes) { $1 }
  }

  /// The closed lead as it was before some of its steps.
  static func row(without steps: [String], _ changes: [String: String]) -> [String: String] {
    row(Dictionary(uniqueKeysWithValues: steps.map { ($0, "-") }).merging(changes) { $1 })
  }

  static let laterSteps = ["整改", "复查", "回访", "办结"]

  static func table(_ rows: [[String: String]]) -> String {
    ([columns.joined(separator: ",")]
      + rows.map { row in columns.map { row[$0] ?? "" }.joined(separator: ",") })
      .joined(separator: "\n") + "\n"
  }

  static func write(_ rows: [[String: String]], in office: HistoryCity) throws -> String {
    try office.city.write(table(rows), to: "old.csv")
  }
}

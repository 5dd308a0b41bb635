package water

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

// Standard is the standard with its edition. It holds since 2002-06-01; no later edition was found by 2026-11.
const Standard = "GB 3838-2002"

// InForce says since when GB 3838-2002 holds.
var InForce = standard.Validity{From: calendar.Date(2002, 6, 1)}

// row is an item and the types of water it is printed for.
type row struct {
	on [2]bool // by Type
	Item
}

var (
	both   = [2]bool{River: true, Lake: true}
	rivers = [2]bool{River: true}
	lakes  = [2]bool{Lake: true}
)

type five = [5]reading.Fixed

// table1 is GB 3838-2002 table 1 (表1 地表水环境质量标准基本项目标准限值), in mg/L but for pH and faecal coliform (1/L);
// 0.15e9 is 0.15. Row 1, water temperature, limits man-made changes of weekly means and gives no class. Of the 24 rows
// 21 are indicators; that total nitrogen and faecal coliform stand apart, and what comes first among the main
// pollutants, is 环办〔2011〕22号: "cyanide and heavy metals such as lead and chromium" (from memory; that arsenic,
// copper and zinc are among them is this project's reading).
var table1 = []row{
	{both, Item{Key: "ph", Chinese: "pH", Bound: Within, Low: 6e9, High: 9e9}},
	{both, Item{Key: "do", Chinese: "溶解氧", Bound: AtLeast, Limits: five{7.5e9, 6e9, 5e9, 3e9, 2e9}, Saturated: 90e9}},
	{both, Item{Key: "codmn", Chinese: "高锰酸盐指数", Limits: five{2e9, 4e9, 6e9, 10e9, 15e9}}},
	{both, Item{Key: "cod", Chinese: "化学需氧量", Limits: five{15e9, 15e9, 20e9, 30e9, 40e9}}},
	{both, Item{Key: "bod5", Chinese: "五日生化需氧量", Limits: five{3e9, 3e9, 4e9, 6e9, 10e9}}},
	{both, Item{Key: "nh3n", Chinese: "氨氮", Limits: five{0.15e9, 0.5e9, 1e9, 1.5e9, 2e9}}},
	{rivers, Item{Key: "tp", Chinese: "总磷", Limits: five{0.02e9, 0.1e9, 0.2e9, 0.3e9, 0.4e9}}},
	{lakes, Item{Key: "tp", Chinese: "总磷", Limits: five{0.01e9, 0.025e9, 0.05e9, 0.1e9, 0.2e9}}},
	{lakes, Item{Key: "tn", Chinese: "总氮", Limits: five{0.2e9, 0.5e9, 1e9, 1.5e9, 2e9}, Role: Apart}},
	{both, Item{Key: "cu", Chinese: "铜", Limits: five{0.01e9, 1e9, 1e9, 1e9, 1e9}, First: true}},
	{both, Item{Key: "zn", Chinese: "锌", Limits: five{0.05e9, 1e9, 1e9, 2e9, 2e9}, First: true}},
	{both, Item{Key: "f", Chinese: "氟化物", Limits: five{1e9, 1e9, 1e9, 1.5e9, 1.5e9}}},
	{both, Item{Key: "se", Chinese: "硒", Limits: five{0.01e9, 0.01e9, 0.01e9, 0.02e9, 0.02e9}}},
	{both, Item{Key: "as", Chinese: "砷", Limits: five{0.05e9, 0.05e9, 0.05e9, 0.1e9, 0.1e9}, First: true}},
	{both, Item{Key: "hg", Chinese: "汞", Limits: five{0.00005e9, 0.00005e9, 0.0001e9, 0.001e9, 0.001e9}, First: true}},
	{both, Item{Key: "cd", Chinese: "镉", Limits: five{0.001e9, 0.005e9, 0.005e9, 0.005e9, 0.01e9}, First: true}},
	{both, Item{Key: "cr6", Chinese: "六价铬", Limits: five{0.01e9, 0.05e9, 0.05e9, 0.05e9, 0.1e9}, First: true}},
	{both, Item{Key: "pb", Chinese: "铅", Limits: five{0.01e9, 0.01e9, 0.05e9, 0.05e9, 0.1e9}, First: true}},
	{both, Item{Key: "cn", Chinese: "氰化物", Limits: five{0.005e9, 0.05e9, 0.2e9, 0.2e9, 0.2e9}, First: true}},
	{both, Item{Key: "phenol", Chinese: "挥发酚", Limits: five{0.002e9, 0.002e9, 0.005e9, 0.01e9, 0.1e9}}},
	{both, Item{Key: "oil", Chinese: "石油类", Limits: five{0.05e9, 0.05e9, 0.05e9, 0.5e9, 1e9}}},
	{both, Item{Key: "las", Chinese: "阴离子表面活性剂", Limits: five{0.2e9, 0.2e9, 0.2e9, 0.3e9, 0.3e9}}},
	{both, Item{Key: "sulfide", Chinese: "硫化物", Limits: five{0.05e9, 0.1e9, 0.2e9, 0.5e9, 1e9}}},
	{both, Item{Key: "fcoli", Chinese: "粪大肠菌群", Limits: five{200e9, 2000e9, 10000e9, 20000e9, 40000e9}, Role: Apart}},
}

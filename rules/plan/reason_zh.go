package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/mean"
	"egret/rules/water"
)

// chinese words a reason in Chinese, in the terms of the bulletins.
type chinese struct{ statement }

var chineseThings = [...]string{
	ofDays: "天", ofMonths: "个月", ofStationDays: "点次", ofSiteDays: "个工地日", ofSections: "个断面", ofWaters: "个水体", ofReports: "次",
}

// chineseUnits are the units as bulletins write them; one that is not here stands as the plan has it.
var chineseUnits = map[string]string{
	"ug/m3": "微克/立方米", "mg/m3": "毫克/立方米", "mg/L": "毫克/升", "ug/L": "微克/升", "t/km2": "吨/平方千米",
	"t/(month km2)": "吨/（平方千米·月）", "t/(km2 month)": "吨/（平方千米·月）", "dB": "分贝", "dB(A)": "分贝", "Cel": "摄氏度", "m": "米", "mV": "毫伏", "%": "%",
	"kg/d": "千克/日", "m2": "平方米", "km": "千米", "km2": "平方千米",
}

// concentrations are the units of figures that are called concentrations.
var concentrations = map[string]bool{"ug/m3": true, "mg/m3": true, "mg/L": true, "ug/L": true}

func (c chinese) counted(n int) string { return strconv.Itoa(n) + chineseThings[c.thing()] }

func (c chinese) unit() string {
	t := c.Target
	switch {
	case t.share():
		return "%"
	case t.Metric == LevelDays:
		return chineseThings[c.thing()]
	case t.Metric == Worse, t.Metric == OdourCount:
		return "个"
	}
	if unit, ok := chineseUnits[t.Unit]; ok || t.Unit == "" {
		return unit
	}
	if t.Unit[0] < utf8.RuneSelf {
		return " " + t.Unit
	}
	return t.Unit
}

func (c chinese) figure(figure reading.Fixed) string { return c.with(figure, c.shown(figure)) }

func (c chinese) limit() string { return c.with(c.Limit, c.Limit.String()) }

func (c chinese) with(figure reading.Fixed, text string) string {
	if c.Target.Metric == Section {
		return chineseClass(classOf(figure))
	}
	return text + c.unit()
}

// name is what a mean of days is called.
func (c chinese) name(concentration, other string) string {
	if concentrations[c.Target.Unit] {
		return concentration
	}
	return other
}

func (c chinese) early() string {
	if c.Counted == 0 {
		return "尚无有效数据，不足以评价"
	}
	text := "仅有" + c.counted(c.Counted) + "有效数据，尚不足以评价"
	if need, known := c.need(); known {
		text += "（至少需" + c.counted(need.least) + "）"
	}
	return text
}

func (c chinese) missing() string {
	switch {
	case c.Expected == 0:
		return "尚无监测数据"
	case c.Target.Metric == Indicator:
		return "尚未上报数据"
	case c.Target.Metric == Section:
		return "有效数据不足，水质类别尚无法评价"
	case c.Counted == 0:
		return "无有效数据（共" + c.counted(c.Expected) + "）"
	case c.thing() == ofSections, c.thing() == ofWaters:
		return fmt.Sprintf("有效数据不足，%s中仅%d个可评价", c.counted(c.Expected), c.Counted)
	default:
		return fmt.Sprintf("有效数据不足，%s中仅%s有效", c.counted(c.Expected), c.counted(c.Counted))
	}
}

func (c chinese) value() string {
	_, month, day := c.Day.Date()
	return fmt.Sprintf("截至%d月%d日", month, day) + c.tell(c.name("平均浓度", "平均值")) + c.compared(c.Value)
}

func (c chinese) final() string {
	head := "目标未完成，"
	if c.State == Met {
		head = "目标完成，"
	}
	mean := c.name("平均浓度", "平均值")
	if c.wholeYear() {
		mean = c.name("年均浓度", "年均值")
	}
	return head + c.tell(mean) + c.compared(c.Value)
}

// compared says what a figure is compared as where that decides.
func (c chinese) compared(figure mean.Ratio) string {
	if as := c.rounded(figure); as != "" {
		return "，修约后按" + as + "比较"
	}
	return ""
}

// tell says the figure and what it is made of.
func (c chinese) tell(mean string) string {
	t, figure, valid := c.Target, c.figure(c.Value.Fixed()), "（有效"+c.counted(c.Counted)+"）"
	switch t.Metric {
	case Mean:
		if c.thing() == ofMonths {
			return "月均值" + figure + "（" + c.counted(c.Counted) + "）"
		}
		return mean + figure + valid
	case Maximum:
		return c.name("日均浓度", "日均值") + "最高" + figure + valid
	case Minimum:
		return c.name("日均浓度", "日均值") + "最低" + figure + valid
	case Percentile:
		return "第" + strconv.Itoa(t.Percentile) + "百分位数" + c.name("浓度", "") + figure + valid
	case GoodDays:
		return "优良天数比率" + figure + c.madeOf("优良")
	case LevelDays:
		return chineseLevels(t.Levels) + "天数" + figure + valid
	case NoiseDay:
		return "昼间达标率" + figure + c.madeOf("达标")
	case NoiseNight:
		return "夜间达标率" + figure + c.madeOf("达标")
	case Sites:
		return "工地扬尘达标率" + figure + c.madeOf("达标")
	case Reporting:
		return "数据上报率" + figure + c.madeOf("上报")
	case Sections:
		return chineseOrBetter(t.Class) + "断面比例" + figure + c.assessed()
	case Worse:
		return chineseWorse(t.Class) + "断面" + figure + c.assessed()
	case Section:
		return "水质为" + figure
	case OdourShare:
		return "黑臭水体占比" + figure + c.assessed()
	case OdourCount:
		return "黑臭水体" + figure + c.assessed()
	default:
		return "上报值" + figure
	}
}

// madeOf says of how many things a share is made.
func (c chinese) madeOf(good string) string {
	hits, ok := c.hits()
	if !ok {
		return "（有效" + c.counted(c.Counted) + "）"
	}
	return fmt.Sprintf("（有效%s，%s%s）", c.counted(c.Counted), good, c.counted(hits))
}

// assessed says how many sections or waters a figure is made of, and how many there are where that is not all.
func (c chinese) assessed() string {
	if c.Counted == c.Expected {
		return "（共" + c.counted(c.Counted) + "）"
	}
	return fmt.Sprintf("（共%s，评价%d个）", c.counted(c.Expected), c.Counted)
}

func (c chinese) promise() string {
	if !c.Due {
		return ""
	}
	return "目标为" + c.target()
}

var chineseComparisons = map[Comparison]string{AtMost: "不高于", Below: "低于", AtLeast: "不低于", Above: "高于", Equal: ""}

func (c chinese) target() string {
	if c.Target.Metric == Section && c.Target.Comparison == AtMost {
		return "达到或优于" + c.limit()
	}
	if c.isNumber() && c.Target.atMost() {
		return "不超过" + c.limit()
	}
	return chineseComparisons[c.Target.Comparison] + c.limit()
}

func (c chinese) changed() string {
	text, sign, known := c.change()
	t, words, unit := c.Target, [2]string{"下降", "上升"}, c.unit()
	switch {
	case !known:
		return ""
	case sign == 0:
		return "同比持平"
	case text == "0":
		return "同比基本持平"
	case t.Metric == Section:
		words, unit = [2]string{"好转", "变差"}, "个类别"
	case t.share(), unit == "%":
		unit = "个百分点"
	case c.isNumber():
		words = [2]string{"减少", "增加"}
	}
	return "同比" + words[(sign+1)/2] + text + unit
}

// chineseClass writes Ⅲ类.
func chineseClass(class water.Class) string { return class.String() + "类" }

// chineseOrBetter writes 优Ⅲ类, as targets call class Ⅲ or better.
func chineseOrBetter(class water.Class) string {
	if class == water.ClassIII {
		return "优" + chineseClass(class)
	}
	return "达到或优于" + chineseClass(class)
}

// chineseWorse writes 劣Ⅴ类, and 劣于Ⅳ类.
func chineseWorse(class water.Class) string {
	if class == water.ClassV {
		return chineseClass(water.Inferior)
	}
	return "劣于" + chineseClass(class)
}

// chineseLevels names levels of the air quality index: 重度及以上污染.
func chineseLevels(chosen []int) string {
	first, ok := worseThan(chosen)
	switch {
	case ok && first > goodLevel:
		return strings.TrimSuffix(air.NameOf(first), "污染") + "及以上污染"
	case slices.Equal(chosen, []int{1, goodLevel}):
		return "优良"
	}
	names := make([]string, len(chosen))
	for i, level := range chosen {
		names[i] = air.NameOf(level)
		if level <= goodLevel {
			names[i] += "级"
		}
	}
	return strings.Join(names, "或")
}

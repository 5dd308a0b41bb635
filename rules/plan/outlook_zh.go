package plan

import (
	"fmt"
	"strings"

	"egret/rules/standard"
)

// allowance implements wording.
func (c chinese) allowance() string {
	t := c.Target
	switch {
	case t.Metric == Indicator && c.Verdict == standard.Meets:
		return "已达到" + c.target() + "的目标"
	case t.Metric == Indicator:
		return "尚未达到" + c.target() + "的目标"
	case t.Metric == Section && c.Verdict == standard.Meets:
		return "须保持" + c.target()
	case t.Metric == Section:
		return "须恢复，" + c.target()
	case !c.AllowanceKnown:
		return ""
	case c.thing() == ofSections, c.thing() == ofWaters:
		return c.mayFail()
	case c.Remaining == 0:
		return ""
	}
	rest := "剩余" + c.counted(c.Remaining)
	switch t.Metric {
	case Mean:
		mean := c.name("日均浓度", "日均值")
		if c.thing() == ofMonths {
			mean = "月均值"
		}
		if t.atMost() {
			return rest + mean + "须控制在" + c.allowed() + c.unit() + "以内"
		}
		return rest + mean + "须达到" + c.allowed() + c.unit() + "以上"
	case Maximum, Minimum:
		return rest + c.name("日均浓度", "日均值") + "均不得" + c.beyond() + c.allowed() + c.unit()
	case Percentile:
		return rest + c.affordable(c.beyond()+c.limit())
	case LevelDays:
		if t.atLeast() {
			return rest + "中须再有" + c.counted(max(0, c.Remaining-c.failures())) + "为" + chineseLevels(t.Levels)
		}
		return rest + c.affordable("出现"+chineseLevels(t.Levels))
	case Reporting:
		return rest + c.affordable("缺报")
	default:
		return rest + c.affordable("超标")
	}
}

// affordable says how many things that count against the target the rest of the span may have.
func (c chinese) affordable(what string) string {
	if c.failures() <= 0 {
		return "不得再" + what
	}
	return "最多还可有" + c.counted(c.failures()) + what
}

// mayFail says how many sections or waters may fail beside those that do, or how many must recover.
func (c chinese) mayFail() string {
	failing, recover := "不达标", "恢复达标"
	if c.thing() == ofWaters {
		failing, recover = "出现黑臭", "消除黑臭"
	}
	switch n := c.failures(); {
	case n < 0:
		return "还须有" + c.counted(-n) + recover
	case n == 0:
		return "不得再有" + chineseThings[c.thing()][len("个"):] + failing
	default:
		return "最多还可有" + c.counted(n) + failing
	}
}

// beyond is the side of the target's value on which it is not kept.
func (c chinese) beyond() string {
	switch {
	case c.Target.Metric == Section:
		return "劣于"
	case c.Target.atLeast():
		return "低于"
	case c.isNumber():
		return "超过"
	default:
		return "高于"
	}
}

func (c chinese) certain() string {
	good := c.State == Impossible
	switch {
	case c.already() && good:
		return "已" + c.beyond() + c.limit()
	case c.already():
		return "已达到" + c.target() + "的目标"
	}
	end, known := c.extreme(good)
	switch {
	case known && c.proves(end):
	case good:
		return c.target() + "的目标已无法实现"
	default:
		return c.target() + "的目标已确保实现"
	}
	text := fmt.Sprintf("即使剩余%s%s，%s仍为%s", c.counted(c.Remaining), c.supposed(good), c.period(), c.figure(end.Fixed())) + c.compared(end)
	if good {
		return text + "，" + c.beyond() + c.limit()
	}
	return text + "，不" + c.beyond() + c.limit()
}

// supposed is what all that remains is supposed to be.
func (c chinese) supposed(good bool) string {
	words := [2]string{"全部超标", "全部达标"}
	switch c.Target.Metric {
	case Mean:
		words[1] = c.name("日均浓度", "") + "均为0"
	case GoodDays:
		words[1] = "全部优良"
	case LevelDays:
		words = [2]string{"均为" + chineseLevels(c.Target.Levels), "均不为" + chineseLevels(c.Target.Levels)}
		if c.Target.atLeast() {
			words[0], words[1] = words[1], words[0]
		}
	case Reporting:
		words = [2]string{"全部缺报", "全部上报"}
	}
	if good {
		return words[1]
	}
	return words[0]
}

func (c chinese) period() string {
	if c.wholeYear() {
		return "全年"
	}
	return "考核期"
}

func (c chinese) projected() string {
	if !c.foresees() {
		return ""
	}
	var notes []string
	if c.ranges() {
		notes = append(notes, c.shown(c.ProjectionLow.Fixed())+"～"+c.shown(c.ProjectionHigh.Fixed()))
	}
	if c.ByLastYear {
		notes = append(notes, "参考去年同期")
	}
	text := "按目前走势" + c.period() + "预计为" + c.figure(c.Projection.Fixed())
	if len(notes) > 0 {
		text += "（" + strings.Join(notes, "，") + "）"
	}
	text += c.compared(c.Projection)
	if c.State == AtRisk && !c.Target.Comparison.holds(c.Projection.Compare(c.Limit)) {
		text += "，" + c.beyond() + c.limit()
	}
	return text
}

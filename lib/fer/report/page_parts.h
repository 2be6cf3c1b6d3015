// Building blocks of the sections of a report's page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fer/metrics/interval.h"
#include "fer/report/evaluation_page.h"
#include "fer/report/figure.h"
#include "fer/report/html.h"
#include "fer/report/report_figure.h"

namespace fer::report {

// A section without content is left out of the page and of its table of contents.
struct PageSection {
  std::string id;
  std::string heading;
  html::Markup content;
};

// The figures that a page shows, by their names.
class FigureShelf {
 public:
  // `folder`: of the figures' files, relative to the page; empty for no links to them.
  FigureShelf(std::vector<ReportFigure> figures, std::string folder);

  bool has(std::string_view name) const { return find(name) != nullptr; }

  // The drawing alone, to be put into other markup; empty for an unknown name.
  html::Markup drawing(std::string_view name) const;

  // The figure in a box, with its explanation below; empty for an unknown name.
  html::Markup show(std::string_view name) const;

  // The section of a figure with a heading; without content for an unknown name.
  PageSection section(std::string_view name) const;

  const std::vector<ReportFigure>& all() const { return figures_; }

 private:
  const ReportFigure* find(std::string_view name) const;
  html::Markup links(const ReportFigure& figure) const;

  std::vector<ReportFigure> figures_;
  std::string folder_;
};

html::Markup paragraph(std::string_view plain);
html::Markup fact_list(const std::vector<Fact>& facts);  // without facts that have no value
html::Markup notice_list(const std::vector<Notice>& notices);

// Content that is shown on demand, for example a figure's table of numbers.
html::Markup folded(std::string_view summary, const html::Markup& content);

// A small square of a class's colour, hidden from screen readers.
html::Markup swatch(svg::Paint paint);

std::string interval_text(const metrics::Interval& interval);  // "64.64 % to 67.73 %"

}  // namespace fer::report

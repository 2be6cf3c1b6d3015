#include "fer/report/agreement_figure.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/bar_column.h"
#include "fer/report/csv_table.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/figure.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::text_width;

constexpr double kMargin = 28.0;
constexpr double kHeadRoom = 40.0;
constexpr double kRow = 30.0;
constexpr double kBarWidth = 220.0;
constexpr svg::Paint kPaint{"fer-run-1", {0, 114, 178}};

std::string description(const metrics::VoteScores& votes) {
  std::vector<std::string> facts;
  for (const metrics::AgreementBand& band : votes.by_agreement) {
    facts.push_back(band_name(band) + ": " +
                    (band.hits.n == 0 ? "no images" : percent(band.hits.accuracy(), 1)) + " of " +
                    grouped(band.hits.n));
  }
  return "Bars of accuracy by the winning class's share of the votes. " + join(facts, "; ") + ".";
}

}  // namespace

std::string band_name(const metrics::AgreementBand& band) {
  if (band.above <= 0.0) return "up to " + percent(band.up_to, 0);
  return "over " + fixed(band.above * 100.0, 0) + " to " + percent(band.up_to, 0);
}

std::string agreement_svg(const metrics::VoteScores& votes, const FigureTitle& title) {
  if (votes.by_agreement.empty()) throw Error("votes without bands of agreement");
  double names = text_width("votes for the winner", 13.0, true);
  double counts = text_width("images", 13.0, true);
  for (const metrics::AgreementBand& band : votes.by_agreement) {
    names = std::max(names, text_width(band_name(band), 13.0));
    counts = std::max(counts, text_width(grouped(band.hits.n), kBarTextSize));
  }
  const double names_end = kMargin + names;
  const BarColumn column{.left = names_end + 14.0, .width = kBarWidth};
  const double counts_end = column.end() + 20.0 + counts;
  const double top = kMargin + svg::title_height(title) + kHeadRoom;
  const double bottom = top + kRow * static_cast<double>(votes.by_agreement.size());
  Figure figure(std::ceil(std::max(counts_end + kMargin, 2.0 * kMargin + svg::title_width(title))),
                bottom + kMargin - 8.0, title.title.empty() ? "Accuracy by agreement" : title.title,
                description(votes));
  svg::draw_title(figure, title, kMargin, kMargin);
  const svg::TextStyle head{.size = 13.0, .anchor = Anchor::end, .bold = true};
  figure.text({names_end, top - 22.0}, "votes for the winner", head);
  figure.text({counts_end, top - 22.0}, "images", head);
  draw_bar_column(figure, column, "accuracy", top, bottom);
  for (std::size_t i = 0; i < votes.by_agreement.size(); ++i) {
    const metrics::AgreementBand& band = votes.by_agreement[i];
    const double middle = top + (static_cast<double>(i) + 0.5) * kRow;
    const bool known = band.hits.n > 0;
    figure.text({names_end, middle}, band_name(band),
                {.size = 13.0, .anchor = Anchor::end, .centred = true});
    Bar bar{.share = band.hits.accuracy(),
            .value = known ? percent(band.hits.accuracy(), 1) : "–",
            .tooltip = band_name(band) + " of the votes: " + grouped(band.hits.correct) + " of " +
                       grouped(band.hits.n) + " right"};
    if (known) bar.interval = band.hits.ci95();
    draw_bar(figure, column, middle, 14.0, bar, kPaint);
    figure.text({counts_end, middle}, grouped(band.hits.n),
                {.size = kBarTextSize, .anchor = Anchor::end, .centred = true});
  }
  return figure.svg();
}

std::string agreement_csv(const metrics::VoteScores& votes) {
  CsvTable table(
      {"share_above", "share_up_to", "n", "correct", "accuracy", "ci95_low", "ci95_high"});
  for (const metrics::AgreementBand& band : votes.by_agreement) {
    table.cell(band.above)
        .cell(band.up_to)
        .cell(band.hits.n)
        .cell(band.hits.correct)
        .cell(band.hits.accuracy())
        .cell(band.hits.ci95().low)
        .cell(band.hits.ci95().high)
        .end_row();
  }
  return table.str();
}

std::vector<ReportFigure> figures::agreement(const EvaluationPage& page,
                                             const std::string& subject) {
  if (!page.votes || page.votes->by_agreement.empty()) return {};
  const std::string title = "Accuracy by agreement of the voters";
  return {{.name = "agreement",
           .title = title,
           .svg = agreement_svg(*page.votes, {title, subject}),
           .csv = agreement_csv(*page.votes),
           .how_to_read = "Faces that the voters themselves disagreed about have no sure "
                          "truth: a model that errs there may be no worse than a person."}};
}

}  // namespace fer::report

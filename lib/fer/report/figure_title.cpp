#include "fer/report/figure_title.h"

#include <algorithm>

#include "fer/report/figure.h"

namespace fer::report::svg {

namespace {

constexpr double kTitleSize = 18.0;
constexpr double kSubtitleSize = 13.0;
constexpr double kLeading = 1.35;  // line height in font sizes

}  // namespace

double title_width(const FigureTitle& title) {
  return std::max(text_width(title.title, kTitleSize, true),
                  text_width(title.subtitle, kSubtitleSize));
}

double title_height(const FigureTitle& title) {
  return (title.title.empty() ? 0.0 : kTitleSize * kLeading) +
         (title.subtitle.empty() ? 0.0 : kSubtitleSize * kLeading);
}

void draw_title(Figure& figure, const FigureTitle& title, double left, double top) {
  // Capitals of the first line touch `top`, which looks aligned with the margin.
  double y = top;
  if (!title.title.empty()) {
    figure.text({left, y + kTitleSize * 0.75}, title.title, {.size = kTitleSize, .bold = true});
    y += kTitleSize * kLeading;
  }
  if (!title.subtitle.empty()) {
    figure.text({left, y + kSubtitleSize * 0.75}, title.subtitle,
                {.size = kSubtitleSize, .paint = kMutedInk});
  }
}

}  // namespace fer::report::svg

// The title above a figure.
#pragma once

#include <string>

namespace fer::report {

// For example "seed-cnn on FER2013, PrivateTest" and "accuracy 66.20 %, 95 % interval 64.64 % to
// 67.73 %, 3,589 faces"; either may be empty.
struct FigureTitle {
  std::string title;
  std::string subtitle;
};

namespace svg {

class Figure;

// The size of draw_title()'s text, from its upper left corner.
double title_width(const FigureTitle& title);
double title_height(const FigureTitle& title);
void draw_title(Figure& figure, const FigureTitle& title, double left, double top);

}  // namespace svg
}  // namespace fer::report

// What stands above a figure.
#pragma once

#include <string>

namespace fer::report {

// Either may be empty: "seed-cnn on FER2013, PrivateTest" and "accuracy 66.20 %, 95 % interval
// 64.64 % to 67.73 %, 3,589 faces".
struct FigureTitle {
  std::string title;
  std::string subtitle;
};

namespace svg {

class Figure;

// The room that draw_title takes, from its upper left corner.
double title_width(const FigureTitle& title);
double title_height(const FigureTitle& title);
void draw_title(Figure& figure, const FigureTitle& title, double left, double top);

}  // namespace svg
}  // namespace fer::report

#include "fer/output/marker_drawing.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "fer/core/text.h"

namespace fer::output {

namespace {

constexpr std::size_t kMostBars = 10;
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;

const cv::Scalar kInk(255, 255, 255);
const cv::Scalar kShade(24, 24, 24);
const cv::Scalar kTrack(90, 90, 90);  // the empty part of a bar

void shade(cv::Mat& canvas, const cv::Rect& area) {
  constexpr double kOpacity = 0.72;
  const cv::Rect inside = area & cv::Rect({0, 0}, canvas.size());
  if (inside.empty()) return;
  cv::Mat part = canvas(inside);
  cv::addWeighted(part, 1.0 - kOpacity, cv::Mat(part.size(), part.type(), kShade), kOpacity, 0.0,
                  part);
}

// The most probable classes, in label order.
std::vector<std::size_t> classes_shown(const FacePrediction& face) {
  std::vector<std::size_t> classes(face.probabilities.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  if (classes.size() > kMostBars) {
    std::stable_sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) {
      return face.probabilities[a] > face.probabilities[b];
    });
    classes.resize(kMostBars);
    std::sort(classes.begin(), classes.end());
  }
  return classes;
}

constexpr double kLeastScale = 0.36;  // of cv::putText; below it letters cannot be read

double usual_scale(const cv::Size& picture, LetterSize letters) {
  constexpr double kSmall = 0.65;  // still readable on a screen that shows the whole picture
  const double usual = std::min(picture.width, picture.height) / 1500.0;
  return std::max(kLeastScale, letters == LetterSize::small ? kSmall * usual : usual);
}

bool overlap(const cv::Rect& a, const cv::Rect& b) { return !(a & b).empty(); }

// The nearest two points of two ranges.
std::pair<int, int> nearest(int from, int to, int other_from, int other_to) {
  if (to < other_from) return {to, other_from};
  if (other_to < from) return {from, other_to};
  const int middle = (std::max(from, other_from) + std::min(to, other_to)) / 2;
  return {middle, middle};
}

// The width of the dark line around the coloured one, which makes it visible on any background.
int dark_line(int line) { return line * 3; }

}  // namespace

double letter_share(const cv::Size& picture, LetterSize letters, int face_height,
                    std::optional<double> before) {
  constexpr double kFaceHeight = 210.0;  // for letters of scale 1: a panel is 1.6 times as high
  constexpr double kLeast = 0.4;         // smallest scale, relative to the usual one of the picture
  constexpr double kStep = 1.25;
  const double share =
      std::clamp(face_height / kFaceHeight / usual_scale(picture, letters), kLeast, 1.0);
  if (before && share < *before * kStep && share > *before / kStep) return *before;
  return std::pow(kStep, std::round(std::log(share) / std::log(kStep)));
}

MarkerStyle::MarkerStyle(const cv::Size& picture, LetterSize letters, double share) {
  const int shorter = std::min(picture.width, picture.height);
  line = std::max(1, cvRound(shorter / (letters == LetterSize::small ? 500.0 : 300.0)));
  letter_scale = std::max(kLeastScale, share * usual_scale(picture, letters));
  stroke = letter_scale > 0.8 ? 2 : 1;
  int baseline = 0;
  letter_height = cv::getTextSize("Ag", kFont, letter_scale, stroke, &baseline).height;
  row = cvRound(letter_height * 1.9);
  gap = std::max(3, letter_height / 2);
  bar = letter_height * 5;
}

MarkerText marker_text(const FacePrediction& face, const LabelSet& labels,
                       const std::string& number) {
  const std::string track = face.track ? "#" + std::to_string(*face.track) + " " : "";
  return {.number = number,
          .title = track + (face.uncertain ? kUncertain : labels.name(face.label())) + " " +
                   percent(double{face.probability()}, 0),
          .classes = classes_shown(face)};
}

int MarkerDrawing::width_of(const std::string& text) const {
  int baseline = 0;
  return cv::getTextSize(text, kFont, style_.letter_scale, style_.stroke, &baseline).width;
}

int MarkerDrawing::names_width(const MarkerText& text) const {
  int widest = 0;
  for (const std::size_t label : text.classes) {
    widest = std::max(widest, width_of(labels_.name(label)));
  }
  return widest;
}

cv::Size MarkerDrawing::number_size(const std::string& number) const {
  const int height = style_.row - style_.gap / 2;
  return {std::max(height, width_of(number) + style_.gap), height};
}

cv::Size MarkerDrawing::size_of(const MarkerText& text, MarkerForm form) const {
  const int label_width = width_of(text.title) + 2 * style_.gap;
  if (form == MarkerForm::number) return number_size(text.number);
  if (form == MarkerForm::label) return {label_width, style_.row + style_.gap / 2};
  const int bars_width = names_width(text) + style_.bar + 3 * style_.gap;
  return {std::max(label_width, bars_width),
          style_.row * (static_cast<int>(text.classes.size()) + 1) + style_.gap};
}

cv::Size MarkerDrawing::legend_row(const std::vector<MarkerText>& texts) const {
  int number = 0, title = 0;
  for (const MarkerText& text : texts) {
    number = std::max(number, number_size(text.number).width);
    title = std::max(title, width_of(text.title));
  }
  return {number + title + 3 * style_.gap, style_.row + style_.gap / 2};
}

int MarkerDrawing::outline() const { return (dark_line(style_.line) + 1) / 2; }

void MarkerDrawing::write(cv::Mat& canvas, const std::string& text, cv::Point foot,
                          const cv::Scalar& colour) const {
  cv::putText(canvas, text, foot, kFont, style_.letter_scale, colour, style_.stroke, cv::LINE_AA);
}

void MarkerDrawing::draw_box(cv::Mat& canvas, const cv::Rect& box,
                             const FacePrediction& face) const {
  const int line = std::clamp(std::min(box.width, box.height) / 16, 1, style_.line);
  cv::rectangle(canvas, box, kShade, dark_line(line), cv::LINE_AA);
  cv::rectangle(canvas, box, colours_[face.label()], line, cv::LINE_AA);
}

void MarkerDrawing::draw_leader(cv::Mat& canvas, const PlacedMarker& marker, const cv::Rect& box,
                                const FacePrediction& face) const {
  if (overlap(marker.area, box)) return;
  const auto [x, box_x] = nearest(marker.area.x, marker.area.br().x, box.x, box.br().x);
  const auto [y, box_y] = nearest(marker.area.y, marker.area.br().y, box.y, box.br().y);
  const int line = std::max(2, style_.letter_height / 4);
  cv::line(canvas, {x, y}, {box_x, box_y}, kShade, 3 * line, cv::LINE_AA);
  cv::line(canvas, {x, y}, {box_x, box_y}, colours_[face.label()], line, cv::LINE_AA);
}

void MarkerDrawing::draw_number(cv::Mat& canvas, const cv::Rect& area, const std::string& number,
                                const cv::Scalar& colour) const {
  cv::rectangle(canvas, area, colour, cv::FILLED);
  write(canvas, number,
        {area.x + (area.width - width_of(number)) / 2,
         area.y + (area.height + style_.letter_height) / 2},
        kShade);
}

void MarkerDrawing::draw_bars(cv::Mat& canvas, const cv::Rect& area, const MarkerText& text,
                              const FacePrediction& face) const {
  const int left = area.x + style_.gap;
  const int bars = left + names_width(text) + style_.gap;
  int foot = area.y + style_.row - style_.gap / 2;
  for (const std::size_t label : text.classes) {
    foot += style_.row;
    write(canvas, labels_.name(label), {left, foot}, kInk);
    const cv::Rect full(bars, foot - style_.letter_height, style_.bar, style_.letter_height);
    cv::rectangle(canvas, full, kTrack, cv::FILLED);
    const int length = cvRound(style_.bar * double{face.probabilities[label]});
    if (length > 0) {
      cv::rectangle(canvas, {full.x, full.y, length, full.height}, colours_[label], cv::FILLED);
    }
  }
}

void MarkerDrawing::draw_marker(cv::Mat& canvas, const PlacedMarker& marker, const MarkerText& text,
                                const FacePrediction& face) const {
  const cv::Scalar& colour = colours_[face.label()];
  if (marker.form == MarkerForm::number) {
    return draw_number(canvas, marker.area, text.number, colour);
  }
  shade(canvas, marker.area);
  const cv::Point foot(marker.area.x + style_.gap, marker.area.y + style_.row - style_.gap / 2);
  write(canvas, text.title, foot, colour);
  if (marker.form == MarkerForm::panel) draw_bars(canvas, marker.area, text, face);
}

void MarkerDrawing::draw_legend(cv::Mat& canvas, const Legend& legend,
                                const std::vector<MarkerText>& texts,
                                const std::vector<FacePrediction>& faces,
                                const std::vector<PlacedMarker>& markers) const {
  shade(canvas, legend.area);
  const cv::Size row = legend_row(texts);
  const int margin = style_.gap;
  const int rows = std::max(1, (legend.area.height - 2 * margin) / row.height);
  int at = 0, numbers_width = 0;
  for (const MarkerText& text : texts) {
    numbers_width = std::max(numbers_width, number_size(text.number).width);
  }
  for (std::size_t i = 0; i < markers.size(); ++i) {
    if (markers[i].form != MarkerForm::number) continue;
    const cv::Point from(legend.area.x + margin + at / rows * row.width,
                         legend.area.y + margin + at % rows * row.height);
    const cv::Scalar& colour = colours_[faces[i].label()];
    const int height = number_size(texts[i].number).height;
    const cv::Rect badge(from.x, from.y + (row.height - height) / 2, numbers_width, height);
    draw_number(canvas, badge, texts[i].number, colour);
    write(canvas, texts[i].title,
          {badge.br().x + style_.gap, badge.y + (height + style_.letter_height) / 2}, colour);
    ++at;
  }
}

}  // namespace fer::output

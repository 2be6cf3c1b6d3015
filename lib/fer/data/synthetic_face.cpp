#include "fer/data/synthetic_face.h"

#include <algorithm>
#include <cmath>

#include "fer/data/synthetic_projection.h"
#include "fer/data/synthetic_raster.h"

namespace fer::data {

namespace {

Path between(Path upper, const Path& lower) {
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  return upper;
}

// Paints one face, from back to front.
class Portrait {
 public:
  explicit Portrait(const FaceParameters& face)
      : face_(face),
        projection_(face.pose, face.head),
        canvas_(static_cast<float>(face.light.background)) {}

  Canvas paint() {
    paint_background();
    paint_hair_behind();
    paint_neck();
    paint_head();
    paint_creases();
    paint_nose();
    paint_mouth();
    for (const double side : {-1.0, 1.0}) {
      paint_eye(side);
      paint_brow(side);
    }
    light_head();
    if (face_.hair.present) paint_fringe();
    if (face_.glasses.present) paint_glasses();
    apply_camera();
    return canvas_;
  }

 private:
  double pixels(double length) const { return projection_.pixels(length); }
  double skin() const { return face_.head.skin; }
  double shadow() const { return 0.45 * face_.head.skin; }

  // Paints a stroke on the head; radii in head units.
  void stroke(const Path& knots, double start, double middle, double end, double tone,
              double opacity = 1.0) {
    const Path line = projection_.on_head(smooth_curve(knots, 4));
    canvas_.fill(ribbon(line, pixels(start), pixels(middle), pixels(end)), tone, opacity);
  }

  void fill(const Path& outline, double tone, double opacity = 1.0) {
    canvas_.fill(projection_.on_head(outline), tone, opacity);
  }

  void spot(double x, double y, double radius_x, double radius_y, double tone, double opacity) {
    canvas_.spot(projection_.on_head(x, y), pixels(radius_x), pixels(radius_y),
                 projection_.horizontal(), tone, opacity);
  }

  // The silhouette, `margin` wider than the head all around.
  Path head_outline(double margin) const {
    const HeadShape& head = face_.head;
    const double jaw = 1 - head.jaw;
    const Path right{
        {0, -head.crown},        {0.56, -0.87 * head.crown}, {0.9, -0.5 * head.crown},      {1, 0},
        {0.96, 0.3 * head.chin}, {jaw, 0.71 * head.chin},    {0.55 * jaw, 0.94 * head.chin}};
    Path outline = right;
    outline.push_back({0, head.chin});
    for (auto knot = right.rbegin(); knot != right.rend(); ++knot) {
      outline.push_back({-knot->x, knot->y});
    }
    for (Point& knot : outline) {
      const double down = std::max(knot.y, 0.0) / head.chin;
      const double x = knot.x * (1 + margin) + projection_.chin_shift() * down * down;
      knot = projection_.flat(x, knot.y * (1 + margin));
    }
    return smooth_curve(outline, 3);
  }

  void paint_background() {
    canvas_.change_all([&](Point at, double tone) {
      return tone + face_.light.background_slope_x * (at.x / kFaceSide - 0.5) +
             face_.light.background_slope_y * (at.y / kFaceSide - 0.5);
    });
  }

  void paint_hair_behind() {
    const HairShape& hair = face_.hair;
    if (!hair.present) return;
    canvas_.fill(head_outline(hair.volume), hair.tone);
    if (hair.length <= 0) return;
    const double width = 1.05 + 1.2 * hair.volume;
    const double bottom = 0.4 + 1.3 * hair.length;
    const Path curtain = smooth_curve({{-0.6, -0.9},
                                       {-width, -0.2},
                                       {-width - 0.08, 0.5 * bottom},
                                       {-width + 0.1, bottom},
                                       {width - 0.1, bottom},
                                       {width + 0.08, 0.5 * bottom},
                                       {width, -0.2},
                                       {0.6, -0.9}});
    canvas_.fill(projection_.flat(curtain), 0.85 * hair.tone);
  }

  void paint_neck() {
    const double width = face_.head.neck_width;
    const double lean = projection_.chin_shift();
    canvas_.fill(
        projection_.flat({{-width + lean, 0.7}, {width + lean, 0.7}, {width, 2.2}, {-width, 2.2}}),
        0.55 * skin());
    canvas_.fill(projection_.flat(ellipse(0, 2.1, 1.5, 0.7)), face_.head.clothes);
  }

  void paint_head() {
    for (const double side : {-1.0, 1.0}) {
      // The ear that the head turns towards disappears behind the cheek.
      const Point ear = projection_.flat(side * 1.0 - 0.25 * std::sin(face_.pose.yaw), 0.0);
      canvas_.spot(ear, pixels(0.2), pixels(0.36), projection_.horizontal(), 0.75 * skin(), 1.0);
    }
    canvas_.fill(head_outline(0), skin());
    paint_forms();
    if (face_.head.stubble > 0) paint_stubble();
  }

  // Makes cheeks, forehead and chin brighter, and the areas under the jaw and beside the cheeks
  // darker.
  void paint_forms() {
    const double bright = std::min(1.22 * skin(), 1.0);
    spot(0, -0.7, 0.6, 0.35, bright, 0.4);
    spot(0, 1.0, 0.22, 0.18, bright, 0.4);
    for (const double side : {-1.0, 1.0}) {
      spot(side * 0.5, 0.22, 0.36, 0.3, bright, 0.4);
      spot(side * 0.8, 0.6, 0.3, 0.5, shadow(), 0.25);
    }
  }

  void paint_stubble() {
    const double tone = std::min(face_.hair.tone, 0.4 * skin());
    const MouthShape& mouth = face_.mouth;
    canvas_.change(head_outline(0), [&](Point at, double old) {
      const double y = projection_.unflatten(at).y - 0.9 * std::sin(face_.pose.pitch);
      const double below_nose = std::clamp((y - mouth.y + 0.3) / 0.4, 0.0, 1.0);
      return old + face_.head.stubble * below_nose * (tone - old);
    });
  }

  void paint_creases() {
    paint_brow_creases();
    for (const double side : {-1.0, 1.0}) paint_cheek_creases(side);
    const MouthShape& mouth = face_.mouth;
    const double under_lip = mouth.y + mouth.gap_below + mouth.lower_lip + 0.09;
    spot(0, under_lip, 0.26, 0.1, shadow(), 0.7 * face_.creases.chin);
  }

  void paint_brow_creases() {
    const BrowShape& brow = face_.brow;
    for (const double rise : {0.17, 0.32}) {
      const double y = std::min(brow.peak_y, brow.inner_y) - rise;
      stroke({{-0.45, y + 0.02}, {-0.2, y - 0.02}, {0.2, y - 0.02}, {0.45, y + 0.02}}, 0.01, 0.035,
             0.01, shadow(), 0.6 * face_.creases.forehead);
    }
    for (const double x : {-0.07, 0.07}) {
      stroke({{x, brow.inner_y - 0.08}, {0.85 * x, brow.inner_y + 0.14}}, 0.02, 0.035, 0.01,
             shadow(), 0.8 * face_.creases.frown);
    }
  }

  void paint_cheek_creases(double side) {
    const Creases& creases = face_.creases;
    const MouthShape& mouth = face_.mouth;
    const double wing = face_.nose.half_width + 0.05;
    const double corner = mouth.half_width + 0.11;
    const double corner_y = mouth.y + mouth.corner_y;
    stroke(mirrored({{wing, face_.nose.tip_y - 0.04},
                     {0.4 * wing + 0.6 * corner, 0.45 * face_.nose.tip_y + 0.5 * corner_y},
                     {corner, corner_y + 0.04}},
                    side),
           0.015, 0.045, 0.01, shadow(), std::min(0.85 * creases.cheeks, 1.0));
    spot(side * 0.56, 0.28, 0.3, 0.22, std::min(1.25 * skin(), 1.0), 0.5 * creases.crow_feet);
    for (const double drop : {-0.05, 0.04}) {
      const double y = face_.eye.y + drop;
      stroke(mirrored({{0.7, y}, {0.84, y + 1.5 * drop}}, side), 0.025, 0.02, 0.005, shadow(),
             0.5 * creases.crow_feet);
    }
  }

  void paint_nose() {
    const NoseShape& nose = face_.nose;
    const double tone = shadow();
    const double dark_side = face_.light.from_x > 0 ? -1.0 : 1.0;
    const Point tip = projection_.on_head(0, nose.tip_y, 0.18);
    const Point bridge = projection_.on_head(0, face_.eye.y, 0.04);
    const Point wing = projection_.on_head(dark_side * nose.half_width, nose.tip_y + 0.03, 0.05);
    canvas_.fill({bridge, tip, wing}, tone, 0.2 + 0.25 * std::abs(face_.light.from_x));
    canvas_.spot({tip.x, tip.y - pixels(0.05)}, pixels(0.13), pixels(0.16),
                 projection_.horizontal(), std::min(1.25 * skin(), 1.0), 0.6);
    for (const double side : {-1.0, 1.0}) {
      const Point nostril =
          projection_.on_head(side * 0.55 * nose.half_width, nose.tip_y + 0.07, 0.08);
      canvas_.spot(nostril, pixels(0.1), pixels(0.07), projection_.horizontal(), 0.3 * tone, 0.9);
      stroke(mirrored({{nose.half_width - 0.02, nose.tip_y - 0.1},
                       {nose.half_width + 0.02, nose.tip_y},
                       {nose.half_width - 0.03, nose.tip_y + 0.08}},
                      side),
             0.01, 0.03, 0.01, tone, 0.6);
      for (const double y : {face_.eye.y, face_.eye.y + 0.11}) {
        stroke(mirrored({{0.03, y}, {0.12, y + 0.02}, {0.19, y + 0.1}}, side), 0.02, 0.035, 0.01,
               tone, 0.8 * nose.wrinkles);
      }
    }
  }

  // One arch of the mouth, `height` above (negative: below) the line between the corners; `t` runs
  // from -1 at the left corner to 1 at the right.
  Path mouth_arch(double height, double widening = 0.0) const {
    constexpr int kSteps = 12;
    const MouthShape& mouth = face_.mouth;
    Path arch;
    arch.reserve(kSteps + 1);
    for (int i = 0; i <= kSteps; ++i) {
      const double t = 2.0 * i / kSteps - 1;
      const double oval = 1 - t * t;
      const double square = 1 - t * t * t * t * t * t * t * t;
      const double profile = oval + mouth.squareness * (square - oval);
      arch.push_back(
          {t * (mouth.half_width + widening), mouth.y + mouth.corner_y * t * t - height * profile});
    }
    return arch;
  }

  void paint_mouth() {
    const MouthShape& mouth = face_.mouth;
    const double above = mouth.gap_above;
    const double below = -mouth.gap_below;
    fill(between(mouth_arch(above + mouth.upper_lip, 0.03), mouth_arch(below, 0.03)),
         0.85 * mouth.lip_tone);
    fill(between(mouth_arch(above, 0.03), mouth_arch(below - mouth.lower_lip, 0.03)),
         mouth.lip_tone);
    spot(0, mouth.y + mouth.gap_below + 0.55 * mouth.lower_lip, 0.2, 0.06, skin(), 0.5);
    const double open = above - below;
    if (open > 0.03) {
      constexpr double kCavity = 0.04;
      const double teeth = std::min(1.15 * skin() + 0.15, 0.95);
      fill(between(mouth_arch(above), mouth_arch(below)), kCavity);
      fill(between(mouth_arch(above), mouth_arch(above - open * mouth.upper_teeth)), teeth);
      if (mouth.lower_teeth > 0.05) {
        fill(between(mouth_arch(below + open * mouth.lower_teeth), mouth_arch(below)), teeth, 0.9);
      }
    } else {
      canvas_.fill(
          ribbon(projection_.on_head(mouth_arch(0)), pixels(0.015), pixels(0.03), pixels(0.015)),
          0.25 * skin());
    }
    for (const double side : {-1.0, 1.0}) {
      spot(side * (mouth.half_width + 0.03), mouth.y + mouth.corner_y, 0.07, 0.07, shadow(), 0.6);
    }
  }

  void paint_eye(double side) {
    const EyeShape& eye = face_.eye;
    const double inner = eye.x - eye.half_width;
    const double outer = eye.x + eye.half_width;
    const double outer_y = eye.y - eye.slant;
    const auto lid = [&](double height) {
      return mirrored(smooth_curve({{inner, eye.y + 0.02},
                                    {eye.x - 0.45 * eye.half_width, eye.y - 0.8 * height},
                                    {eye.x + 0.25 * eye.half_width, outer_y - 0.95 * height},
                                    {outer, outer_y}},
                                   4),
                      side);
    };
    const Path upper = lid(eye.upper_lid);
    const Path lower = lid(-eye.lower_lid);
    spot(side * eye.x, eye.y - 0.05, 0.36, 0.26, shadow(), 0.45);  // the socket
    const Path opening = between(upper, lower);
    fill(opening, std::min(0.55 * skin() + 0.42, 0.97));
    paint_iris(side, opening);
    const auto lash = [&](const Path& line, double radius, double opacity) {
      canvas_.fill(ribbon(projection_.on_head(line), pixels(0.6 * radius), pixels(radius),
                          pixels(0.8 * radius)),
                   0.15 * skin(), opacity);
    };
    lash(upper, 0.032, 0.95);
    lash(lower, 0.016, 0.6);
    Path fold = upper;  // the crease above the lid
    for (Point& point : fold) point.y -= 0.075;
    lash(fold, 0.014, 0.5);
  }

  void paint_iris(double side, const Path& opening) {
    const EyeShape& eye = face_.eye;
    const Point centre = projection_.on_head(side * eye.x + eye.gaze_x, eye.y + eye.gaze_y - 0.02);
    const double radius = pixels(eye.iris);
    canvas_.change(projection_.on_head(opening), [&](Point at, double tone) {
      const double distance =
          std::sqrt((at.x - centre.x) * (at.x - centre.x) + (at.y - centre.y) * (at.y - centre.y));
      const double iris = std::clamp(radius + 0.5 - distance, 0.0, 1.0);
      const double pupil = std::clamp(0.5 * radius + 0.5 - distance, 0.0, 1.0);
      const double coloured = tone + iris * (eye.iris_tone - tone);
      return coloured * (1 - 0.9 * pupil);
    });
  }

  void paint_brow(double side) {
    const BrowShape& brow = face_.brow;
    const double peak_x = 0.35 * brow.inner_x + 0.65 * brow.outer_x;
    stroke(mirrored(
               {{brow.inner_x, brow.inner_y}, {peak_x, brow.peak_y}, {brow.outer_x, brow.outer_y}},
               side),
           0.8 * brow.thickness, brow.thickness, 0.25 * brow.thickness, brow.tone, 0.9);
  }

  // Lambert's law on the head's ellipsoid, relative to a face lit from the front.
  void light_head() {
    const Light& light = face_.light;
    const double half_height = (face_.head.crown + face_.head.chin) / 2;
    const double length = std::sqrt(light.from_x * light.from_x + light.from_y * light.from_y + 1);
    canvas_.change(head_outline(0.02), [&](Point pixel, double tone) {
      const Point at = projection_.unflatten(pixel);
      const double x = 0.94 * at.x;
      const double y = 0.88 * at.y / half_height;
      const double z = std::sqrt(std::max(0.02, 1 - x * x - y * y));
      const double lambert = (x * light.from_x + y * light.from_y + z) / length;
      return tone * (1 + light.strength * (std::max(lambert, 0.0) - 0.7));
    });
  }

  void paint_fringe() {
    const HairShape& hair = face_.hair;
    constexpr int kSteps = 12;
    // Over the skull from the right temple to the left, and back along the hairline.
    const Path skull =
        projection_.flat(ellipse(0, 0, 1 + hair.volume, face_.head.crown + hair.volume));
    Path outline{skull.front()};
    outline.insert(outline.end(), skull.rbegin(), skull.rbegin() + kEllipseCorners / 2);
    for (int i = 0; i <= kSteps; ++i) {
      const double t = 2.0 * i / kSteps - 1;
      const double off = t - hair.parting;
      const double sides = t * t * t * t;
      const double wave = hair.waviness * std::sin(9 * off) * (1 - sides);
      const double y = hair.hairline + 0.22 * std::abs(off) + wave;
      const Point middle = projection_.on_head(0.97 * t, y);
      const Point temple = projection_.flat(t > 0 ? 1.0 : -1.0, -0.25);
      outline.push_back(
          {middle.x + sides * (temple.x - middle.x), middle.y + sides * (temple.y - middle.y)});
    }
    canvas_.change(outline, [&](Point pixel, double) {
      const Point at = projection_.unflatten(pixel);
      const double gloss = 0.6 - std::abs(at.x - 0.5 * face_.light.from_x);
      const double strands = std::sin((14 + 6 * at.y) * (at.x - hair.parting));
      return (hair.tone + 0.03) * (1 + 0.7 * face_.light.strength * gloss + 0.18 * strands);
    });
  }

  void paint_glasses() {
    const Glasses& glasses = face_.glasses;
    for (const double side : {-1.0, 1.0}) {
      const double x = side * face_.eye.x;
      Path rim = ellipse(x, face_.eye.y + 0.03, glasses.half_width, glasses.half_height);
      rim.push_back(rim.front());
      const Path line = projection_.on_head(rim);
      canvas_.fill(line, 1.0, 0.06);
      canvas_.fill(ribbon(line, pixels(0.025), pixels(0.025), pixels(0.025)), glasses.tone, 0.9);
      stroke({{x + side * glasses.half_width, face_.eye.y}, {side * 1.0, face_.eye.y - 0.04}}, 0.02,
             0.02, 0.02, glasses.tone, 0.9);
    }
    const double bridge = face_.eye.x - glasses.half_width;
    stroke({{-bridge, face_.eye.y}, {0, face_.eye.y - 0.04}, {bridge, face_.eye.y}}, 0.02, 0.025,
           0.02, glasses.tone, 0.9);
  }

  void apply_camera() {
    canvas_.blur(face_.camera.blur);
    canvas_.change_all([&](Point, double tone) {
      return 0.5 + face_.camera.contrast * (tone - 0.5) + face_.camera.brightness;
    });
  }

  const FaceParameters& face_;
  HeadProjection projection_;
  Canvas canvas_;
};

}  // namespace

FacePixels draw_face(const FaceParameters& face, const RandomStream& stream) {
  return Portrait(face).paint().pixels(face.camera.noise, stream);
}

FacePixels draw_synthetic_face(std::size_t emotion, const RandomStream& stream) {
  const ActionUnits units = sample_action_units(emotion, stream.child("expression"));
  return draw_face(sample_face(units, stream), stream.child("noise"));
}

}  // namespace fer::data

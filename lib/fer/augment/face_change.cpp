#include "fer/augment/face_change.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>

#include "fer/core/face.h"

namespace fer::augment {

namespace {

constexpr double kSide = static_cast<double>(kFaceSide);

double radians(double degrees) { return degrees * std::numbers::pi / 180.0; }

// Around (x, y), clipped at the border.
FaceRegion box_around(double x, double y, double width, double height) {
  return {std::max(x - width / 2, 0.0), std::max(y - height / 2, 0.0), std::min(x + width / 2, 1.0),
          std::min(y + height / 2, 1.0)};
}

// Zhong et al. 2020, algorithm 1, with an area of at most a fifth: a face can spare less.
FaceRegion random_box(RandomStream& stream) {
  constexpr double kLeastArea = 0.02, kMostArea = 0.2, kLeastRatio = 0.3;
  const double area = stream.uniform(kLeastArea, kMostArea);
  const double ratio = std::exp(stream.uniform(std::log(kLeastRatio), -std::log(kLeastRatio)));
  const double width = std::min(std::sqrt(area * ratio), 1.0);
  const double height = std::min(std::sqrt(area / ratio), 1.0);
  const double left = stream.uniform(0.0, 1.0 - width);
  const double top = stream.uniform(0.0, 1.0 - height);
  return {left, top, left + width, top + height};
}

using Draw = void (*)(FaceChange& change, const AugmentOptions& options, RandomStream& stream);

struct Kind {
  const char* stream;
  bool (*wanted)(const AugmentOptions& options);
  Draw draw;
};

// The kinds of change: whether each is asked for, and how it is drawn for one image.
constexpr Kind kKinds[] = {
    // Both are always drawn, so that the angles do not depend on --flip.
    {"affine", [](const AugmentOptions& o) { return o.rotation > 0.0 || o.flip; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.angle = radians(s.uniform(-1.0, 1.0) * o.rotation);
       c.mirrored = s.chance(0.5) && o.flip;
     }},
    {"scale", [](const AugmentOptions& o) { return o.scale > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.scale = s.uniform(1.0 - o.scale, 1.0 + o.scale);
     }},
    {"shift", [](const AugmentOptions& o) { return o.shift > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.shift_x = s.uniform(-o.shift, o.shift);
       c.shift_y = s.uniform(-o.shift, o.shift);
     }},
    {"shear", [](const AugmentOptions& o) { return o.shear > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.shear = radians(s.uniform(-o.shear, o.shear));
     }},
    {"crop", [](const AugmentOptions& o) { return o.crop_padding > 0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       const auto places = static_cast<std::uint64_t>(2 * o.crop_padding + 1);
       const auto padding = static_cast<double>(o.crop_padding);
       c.shift_x += (static_cast<double>(s.below(places)) - padding) / kSide;
       c.shift_y += (static_cast<double>(s.below(places)) - padding) / kSide;
     }},
    {"brightness", [](const AugmentOptions& o) { return o.brightness > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.brightness = s.uniform(1.0 - o.brightness, 1.0 + o.brightness);
     }},
    {"contrast", [](const AugmentOptions& o) { return o.contrast > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.contrast = s.uniform(1.0 - o.contrast, 1.0 + o.contrast);
     }},
    {"gamma", [](const AugmentOptions& o) { return o.gamma > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.gamma = std::exp(s.uniform(-o.gamma, o.gamma));
     }},
    {"noise", [](const AugmentOptions& o) { return o.noise > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.noise = s.uniform(0.0, o.noise);
     }},
    {"blur", [](const AugmentOptions& o) { return o.blur > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       c.blur = s.uniform(0.0, o.blur);
     }},
    {"erasing", [](const AugmentOptions& o) { return o.erasing > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       if (s.chance(o.erasing)) c.erased = random_box(s);
     }},
    {"cutout", [](const AugmentOptions& o) { return o.cutout > 0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       const double side = static_cast<double>(o.cutout) / kSide;
       const double x = s.uniform();
       c.cut = box_around(x, s.uniform(), side, side);
     }},
    {"camera", [](const AugmentOptions& o) { return o.camera > 0.0; },
     [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
       if (s.chance(o.camera)) c.camera = draw_degradation(s);
     }},
};

double signed_strength(RandomStream& stream, double strength) {
  return stream.chance(0.5) ? strength : -strength;
}

// The changes RandAugment draws from, at `strength` in [0, 1]; ranges as in its paper where it has
// the change, scaled to grey 48x48 images.
constexpr void (*kRandAugment[])(FaceChange&, double strength, RandomStream&) = {
    [](FaceChange&, double, RandomStream&) {},  // the identity is one of them
    [](FaceChange& c, double m, RandomStream& s) {
      c.angle += signed_strength(s, radians(30) * m);
    },
    [](FaceChange& c, double m, RandomStream& s) { c.shear += signed_strength(s, 0.3 * m); },
    [](FaceChange& c, double m, RandomStream& s) { c.shift_x += signed_strength(s, 0.2 * m); },
    [](FaceChange& c, double m, RandomStream& s) { c.shift_y += signed_strength(s, 0.2 * m); },
    [](FaceChange& c, double m, RandomStream& s) { c.scale *= 1.0 + signed_strength(s, 0.3 * m); },
    [](FaceChange& c, double m, RandomStream& s) {
      c.brightness *= 1.0 + signed_strength(s, 0.9 * m);
    },
    [](FaceChange& c, double m, RandomStream& s) {
      c.contrast *= 1.0 + signed_strength(s, 0.9 * m);
    },
    [](FaceChange& c, double m, RandomStream& s) { c.gamma *= std::exp(signed_strength(s, m)); },
    [](FaceChange& c, double m, RandomStream&) { c.blur = std::max(c.blur, 1.5 * m); },
    [](FaceChange& c, double m, RandomStream&) { c.noise = std::max(c.noise, 30.0 * m); },
    [](FaceChange& c, double m, RandomStream& s) {
      const double x = s.uniform(), y = s.uniform();
      if (c.cut.empty())
        c.cut = box_around(x, y, 0.4 * m, 0.4 * m);  // no second one beside --cutout's
    },
};

void draw_randaugment(FaceChange& change, const AugmentOptions& options, RandomStream& stream) {
  constexpr double kMostMagnitude = 10.0;
  for (std::int64_t i = 0; i < options.randaugment; ++i) {
    kRandAugment[stream.below(std::size(kRandAugment))](
        change, options.randaugment_magnitude / kMostMagnitude, stream);
  }
}

}  // namespace

bool FaceChange::moves() const {
  return angle != 0.0 || shear != 0.0 || scale != 1.0 || shift_x != 0.0 || shift_y != 0.0;
}

bool FaceChange::recolours() const {
  return brightness != 1.0 || contrast != 1.0 || gamma != 1.0 || noise != 0.0 || blur != 0.0;
}

std::vector<FaceChange> plan_changes(std::int64_t count, const AugmentOptions& options,
                                     const RandomStream& stream) {
  std::vector<FaceChange> changes(static_cast<std::size_t>(count));
  for (const Kind& kind : kKinds) {
    if (!kind.wanted(options)) continue;
    RandomStream own = stream.child(kind.stream);
    for (FaceChange& change : changes) kind.draw(change, options, own);
  }
  if (options.randaugment > 0) {
    RandomStream own = stream.child("randaugment");
    for (FaceChange& change : changes) draw_randaugment(change, options, own);
  }
  return changes;
}

}  // namespace fer::augment

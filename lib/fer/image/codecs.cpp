#include "fer/image/codecs.h"

#include "fer/core/plugin.h"

namespace fer::image {

const Codecs& codecs() { return *static_cast<const Codecs*>(media_symbol(kCodecsSymbol)); }

}  // namespace fer::image

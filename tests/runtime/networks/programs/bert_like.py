from mindspore import Parameter, Tensor, nn


class Config:
    def __init__(self, hidden=8, layers=2, vocab=20, use_pooler=True):
        self.hidden = hidden
        self.layers = layers
        self.vocab = vocab
        self.use_pooler = use_pooler


class SelfAttention(nn.Cell):
    def __init__(self, config):
        super().__init__()
        self.query = nn.Dense(config.hidden, config.hidden)
        self.key = nn.Dense(config.hidden, config.hidden)


class Layer(nn.Cell):
    def __init__(self, config):
        super().__init__()
        self.attention = SelfAttention(config)
        self.norm = nn.LayerNorm([config.hidden], epsilon=1e-12)


class Encoder(nn.Cell):
    def __init__(self, config):
        super().__init__()
        self.layer = nn.CellList([Layer(config) for _ in range(config.layers)])


class Bert(nn.Cell):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embeddings = nn.Embedding(config.vocab, config.hidden)
        self.encoder = Encoder(config)
        self.pooler = nn.Dense(config.hidden, config.hidden) if config.use_pooler else None
        self.logit_scale = Parameter(Tensor(2.6), name="logit_scale")


net = Bert(Config(layers=3))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)

from mindspore import nn


class Base(nn.Cell):
    def __init__(self, dim):
        super().__init__()
        self.stem = self.make_stem(dim)
        self.head = nn.Dense(dim, 2)

    def make_stem(self, dim):
        return nn.Dense(dim, dim)


class Child(Base):
    def __init__(self, dim=4):
        super().__init__(dim)
        self.extra = nn.LayerNorm((dim,))
        self.head = nn.Dense(dim, 3, has_bias=False)

    def make_stem(self, dim):
        return nn.SequentialCell(nn.Conv1d(dim, dim, 3), nn.ReLU(), nn.Conv1d(dim, dim, 3, has_bias=True))


class GrandChild(Child):
    pass


net = GrandChild(8)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)

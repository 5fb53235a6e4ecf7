"""Plans of very many products: families first, then each family by itself within its share of what is scarce.

1. Products are gathered into families, and the small case of families is solved: it settles which family
   gets which hours, materials and lane space in which month, and how many people there are.
2. Every family is solved by itself, product by product, with that share of every common capacity.
3. The parts are put together. The plan keeps to every limit; what it loses against the full optimum is the
   price of fixing the shares first.
"""
